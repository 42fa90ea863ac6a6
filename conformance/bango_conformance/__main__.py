"""`python -m bango_conformance`: the same as `bango`."""

from __future__ import annotations

from bango_conformance.cli import main

main()

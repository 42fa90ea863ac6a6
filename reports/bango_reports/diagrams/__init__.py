"""Drawings of the spec as SVG: the systems, the courses of the workflows, the states. Pure functions of the data."""

from __future__ import annotations

from bango_reports.diagrams.sequence import workflow
from bango_reports.diagrams.states import lifecycle
from bango_reports.diagrams.systems import systems_map

__all__ = ["lifecycle", "systems_map", "workflow"]

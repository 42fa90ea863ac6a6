"""The stage: everything around the target that the harness plays, and the record of what passed between them."""

from bango_conformance.stage.stage import Stage

__all__ = ["Stage"]

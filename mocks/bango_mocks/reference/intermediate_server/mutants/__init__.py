"""The reference with one rule broken at a time; one module for each part of the spec's clauses."""

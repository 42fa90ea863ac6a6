"""調達用 Excel: the requirements of a system for a call for tenders, empty or filled in from a signed result."""

"""The mock national components and, apart from them, the reference implementation of what vendors supply."""

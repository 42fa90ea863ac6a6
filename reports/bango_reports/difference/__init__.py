"""Two runs compared: what got worse, what got better, what came and went, and which clauses the spec changed meanwhile."""

"""The result model and its renderings: what people and machines read of a run."""

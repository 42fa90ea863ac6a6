"""One run in the formats that people and their tools read; each writer knows the result model and no engine."""

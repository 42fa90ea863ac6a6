"""The bench: ratios between what this project does and its rivals or its own bare parts, measured side by side in one run."""

"""Load campaigns on Locust, generated from the spec."""

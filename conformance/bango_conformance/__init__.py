"""The harness: obligations made from the spec, run against a target."""

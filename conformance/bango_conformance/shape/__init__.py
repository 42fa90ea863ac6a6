"""What the obligations about shape and text share: valid requests, single defects compiled from schemas, and their judges."""

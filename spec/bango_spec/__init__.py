"""The spec as typed data: what the law and the interface documents say. It knows no network, no test and no HTML."""

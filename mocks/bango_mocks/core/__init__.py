"""The core system of the information-provision network: linkage codes, permits, relaying, provision records."""

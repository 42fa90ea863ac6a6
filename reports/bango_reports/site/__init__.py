"""The spec site: static pages of everything that a vendor is held to, for officers and engineers, from `spec/` and the catalogue."""

"""Reference implementations of the systems that a vendor can supply; the judge never imports them."""

"""One module for each kind of obligation; each offers `obligations(scope)`."""

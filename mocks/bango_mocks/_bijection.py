"""A keyed bijection on 0 … size−1, forwards and backwards in constant time, with no table and no walking.

It is a Feistel network on a rectangle: the size is written as rows × columns, the two coordinates take turns in being
shifted by a keyed hash of the other, modulo their own extent. Each round is undone by subtracting what it added.
"""

from __future__ import annotations

from hashlib import blake2b
from math import isqrt

_ROUNDS = 4  # two shifts of each coordinate, as in Luby and Rackoff's strong permutation


class Bijection:
    """A permutation of `range(size)` chosen by `key`; stateless after construction, so any thread may use it."""

    def __init__(self, key: bytes, size: int) -> None:
        self.size = size
        self.rows = next(n for n in range(isqrt(size), 0, -1) if size % n == 0)
        self.columns = size // self.rows
        self._states = [blake2b(key=key, digest_size=8, person=bytes([n])) for n in range(_ROUNDS)]

    def forward(self, index: int) -> int:
        """Where `index` goes."""
        row, column = divmod(index, self.columns)
        for n in range(0, _ROUNDS, 2):
            row = (row + self._hash(n, column)) % self.rows
            column = (column + self._hash(n + 1, row)) % self.columns
        return row * self.columns + column

    def backward(self, image: int) -> int:
        """What came to `image`."""
        row, column = divmod(image, self.columns)
        for n in range(_ROUNDS - 2, -1, -2):
            column = (column - self._hash(n + 1, row)) % self.columns
            row = (row - self._hash(n, column)) % self.rows
        return row * self.columns + column

    def _hash(self, n: int, half: int) -> int:
        state = self._states[n].copy()
        state.update(half.to_bytes(8, "big"))
        return int.from_bytes(state.digest(), "big")

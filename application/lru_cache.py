"""A cache that drops what was used longest ago."""

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """Keeps values up to a total size, and at least the last one.

    Whoever keeps a value says how large it is together with its key, which is the larger part of some. The libraries
    for this weigh values alone.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value, in place of what had this key before."""
        _, before = self._kept.pop(key, (None, 0))
        self._kept[key] = value, size
        self._size += size - before
        while self._size > self._capacity and len(self._kept) > 1:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._size -= dropped

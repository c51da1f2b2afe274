"""Exceptions that carry their own answer."""

from abc import abstractmethod

from adapters.sandbox.asgi import Reply


class Refused(Exception):
    """A no, in the provider's own shape."""

    @abstractmethod
    def answer(self) -> Reply: ...

"""Reads bodies from servers that nobody vouches for, within bounds of size."""

import zlib
from collections.abc import AsyncIterator
from typing import Final

import httpx

# The window bits that make zlib read gzip's header, or its own.
_INFLATES: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BodyTooLarge(Exception):
    """The body has more bytes than are read."""


class BodyBroken(Exception):
    """The body is compressed in a way that isn't understood, or ends in its middle."""


async def bounded_body(response: httpx.Response, largest: int) -> bytes:
    """Read the whole body of a response that is open as a stream.

    Args:
        largest: bytes, inflated.

    Raises:
        BodyTooLarge, BodyBroken, httpx.RequestError
    """
    body = bytearray()
    async for part in _inflated(response, largest):
        body += part
        if len(body) > largest:
            raise BodyTooLarge
    return bytes(body)


async def _inflated(response: httpx.Response, largest: int) -> AsyncIterator[bytes]:
    """The body as it was before any compression; a small part that inflates to much is never held as a whole."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        async for part in response.aiter_raw():
            yield part
        return
    if encoding not in _INFLATES:
        raise BodyBroken
    inflate = zlib.decompressobj(_INFLATES[encoding])
    async for part in response.aiter_raw():
        try:
            yield inflate.decompress(part, largest + 1)
        except zlib.error:
            raise BodyBroken from None
        if inflate.unconsumed_tail:
            raise BodyTooLarge
    if not inflate.eof:
        raise BodyBroken

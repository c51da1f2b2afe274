"""Draws pictures anew by Pillow, one at a time: unpacked, a picture takes hundreds of megabytes.

Pillow comes into the process with the first picture, since most processes never see one.
"""

import asyncio

from application.ports.pictures import Picture
from application.ports.support import Screenshot
from domain.picture import PictureKind

AT_ONCE = 1


class PillowPictures:
    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def drawn(self, upload: bytes, kind: PictureKind, /) -> Picture:
        async with self._turns:
            return await asyncio.to_thread(_drawn, upload, kind)


class PillowScreenshots:
    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def cleaned(self, upload: bytes, /) -> Screenshot:
        async with self._turns:
            return await asyncio.to_thread(_redrawn, upload)


def _drawn(upload: bytes, kind: PictureKind) -> Picture:
    from adapters.images.pictures import drawn

    return drawn(upload, kind)


def _redrawn(upload: bytes) -> Screenshot:
    from adapters.images.screenshots import redrawn

    return redrawn(upload)

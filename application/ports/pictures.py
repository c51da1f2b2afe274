"""Pictures that hosts show: made from uploads, and kept."""

from typing import Protocol

import msgspec

from domain.faults import PictureFault
from domain.ids import HostId
from domain.picture import PictureDigest, PictureKind


class Picture(msgspec.Struct, frozen=True):
    """A picture that we have drawn ourselves; nothing but its pixels is from whoever sent it.

    Attributes:
        webp: for pages.
        jpeg: for mails, since not every program that shows mails reads WebP.
    """

    digest: PictureDigest
    webp: bytes
    jpeg: bytes


class UnreadableUpload(Exception):
    """No picture that can be drawn anew."""

    def __init__(self, why: PictureFault) -> None:
        super().__init__(why)
        self.why: PictureFault = why


class DrawsPictures(Protocol):
    async def drawn(self, upload: bytes, kind: PictureKind, /) -> Picture:
        """Draw a PNG, JPEG or WebP anew, told by its content: a photo as a square, a logo as large as its box allows.

        Of one that moves it takes the first frame. MUST leave out everything but the pixels, turned the way up that
        the file says, MUST make the same picture of the same upload, and MUST NOT hold up the event loop.

        Raises:
            UnreadableUpload: none of these, broken, or too many pixels.
        """
        ...


class Pictures(Protocol):
    """The pictures of hosts, inside a unit of work; a host has one of each kind, and names it by its digest."""

    def keep(self, host_id: HostId, kind: PictureKind, picture: Picture) -> None:
        """Store it in the place of the one before."""
        ...

    def remove(self, host_id: HostId, kind: PictureKind) -> None: ...

    async def find(self, digest: PictureDigest, /) -> Picture | None:
        """Whosever it is: what is shown on public pages is public."""
        ...

"""How people without an account reach whoever runs this server."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.faults import PictureFault


class Screenshot(msgspec.Struct, frozen=True):
    """A picture that we have written ourselves; nothing but its pixels is from whoever sent it."""

    content: bytes
    kind: Literal["png", "jpeg"]


class SupportRequest(msgspec.Struct, frozen=True):
    """A message to the operator, kept until it is mailed.

    Attributes:
        page_url: whatever the sender calls the page's address, or nothing.
        language: of the sender, as a tag.
        wants_copy: the sender is mailed what they wrote, once the operator has it.
    """

    id: str
    sent_at: datetime
    email: str
    page_url: str
    message: str
    language: str
    wants_copy: bool
    screenshot: Screenshot | None = None


class SupportRequests(Protocol):
    """Messages that are still to be mailed, inside a unit of work."""

    def add(self, request: SupportRequest) -> None: ...

    async def get(self, request_id: str, /) -> SupportRequest | None: ...

    def drop_screenshot(self, request_id: str) -> None:
        """Delete the picture, and keep the rest for the copy."""
        ...

    def remove(self, request_id: str) -> None: ...


class UnreadableScreenshot(Exception):
    """Nothing that can be sent on."""

    def __init__(self, why: PictureFault) -> None:
        super().__init__(why)
        self.why: PictureFault = why


class Screenshots(Protocol):
    async def cleaned(self, upload: bytes, /) -> Screenshot:
        """Draw a PNG or JPEG anew, told by its content, whatever it is called.

        MUST leave out everything but the pixels, such as the place in a photo's EXIF data, and MUST NOT hold up the
        event loop.

        Raises:
            UnreadableScreenshot: neither PNG nor JPEG, broken, or too many pixels.
        """
        ...


class SupportDesk(msgspec.Struct, frozen=True):
    """Where messages go on this server."""

    operator_email: str
    screenshots: Screenshots

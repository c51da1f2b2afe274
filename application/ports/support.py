"""Storage of support conversations, for people without an account too."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread


class Screenshot(msgspec.Struct, frozen=True):
    """A picture that we have written ourselves; nothing but its pixels is from whoever sent it."""

    content: bytes
    kind: Literal["png", "jpeg"]


class SupportThreads(Protocol):
    """Conversations, inside a unit of work; pictures are kept until they are mailed."""

    def add(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        """Store a new conversation, its token only as digest and sealed, and the picture of its first message."""
        ...

    async def get(self, thread_id: SupportThreadId, /) -> SupportThread | None: ...

    async def lock(self, thread_id: SupportThreadId, /) -> SupportThread | None:
        """Read a conversation and keep everybody else from locking it until the unit ends."""
        ...

    async def of_visitor(self, token: SupportToken, /) -> SupportThread | None:
        """The conversation that a link stands for. MUST find it by a digest, also where its key is lost."""
        ...

    async def lock_of_visitor(self, token: SupportToken, /) -> SupportThread | None: ...

    def save(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        """Store the next state, and the picture of the last message; whoever watches is woken after the commit.

        At the latest at the commit, MUST raise Conflict if another version than `thread.version` is stored.
        """
        ...

    async def waiting(self, active_after: datetime, limit: int, /) -> tuple[SupportThread, ...]:
        """Conversations whose visitor waits for an answer and that had a message after then, the longest wait first."""
        ...

    async def screenshot(self, thread_id: SupportThreadId, number: int, /) -> Screenshot | None:
        """The picture that came with a message, counted from 0, while it is kept."""
        ...

    def drop_screenshot(self, thread_id: SupportThreadId, number: int) -> None: ...


class Screenshots(Protocol):
    async def cleaned(self, upload: bytes, /) -> Screenshot:
        """Draw a PNG or JPEG anew, told by its content, whatever it is called.

        MUST leave out everything but the pixels, such as the place in a photo's EXIF data, and MUST NOT hold up the
        event loop.

        Raises:
            UnreadableUpload: neither PNG nor JPEG, broken, or too many pixels.
        """
        ...


class DeskLinks(Protocol):
    """Signed links by which the operator answers, without an account."""

    def until(self, ends_at: datetime, /) -> str:
        """A link's secret, letters and digits, good until then; MUST be the same one for the same instant."""
        ...

    def ends_at(self, link: str, /) -> datetime | None:
        """Until when a secret is good that was made for the present operator; None for any other text."""
        ...


class SupportDesk(msgspec.Struct, frozen=True):
    """Where messages go on this server."""

    operator_email: str
    screenshots: Screenshots
    links: DeskLinks

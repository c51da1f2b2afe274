"""The frame policy of pages that frames have shown, for requests that fail before they can read theirs."""

import msgspec

from adapters.http.connection import HttpConnection
from domain.booking_page import BookingPage
from domain.embedding import Embedding
from domain.ids import PageId

_MOST_REMEMBERED = 256
"""With as many sites as a page can have, some 2 MB."""


class FramedPage(msgspec.Struct, frozen=True):
    """What decides who may frame a page."""

    id: PageId
    embedding: Embedding

    @classmethod
    def of(cls, page: BookingPage) -> "FramedPage":
        return cls(page.id, page.embedding)


class FramedPages:
    """The pages that this process read last for frames, as they were then."""

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], FramedPage] = {}

    def note(self, connection: HttpConnection, page: BookingPage) -> None:
        """Remember what a request for a step of a page has read."""
        self.forget(connection)
        self._pages[_address(connection)] = FramedPage.of(page)
        if len(self._pages) > _MOST_REMEMBERED:
            del self._pages[next(iter(self._pages))]

    def forget(self, connection: HttpConnection) -> None:
        """Know no more of a page that isn't there any more."""
        self._pages.pop(_address(connection), None)

    def asked_for(self, connection: HttpConnection) -> FramedPage | None:
        """The page that a request is for; None where it isn't remembered, or isn't the request of a frame."""
        return self._pages.get(_address(connection)) if connection.scope["path"].startswith("/embed/") else None


def _address(connection: HttpConnection) -> tuple[str, str]:
    parts = connection.path_params
    return str(parts.get("handle", "")).lower(), str(parts.get("page", "")).lower()

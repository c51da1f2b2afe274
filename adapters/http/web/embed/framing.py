"""The rule for sites that may frame a page, and for messages from the frame."""

from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest, new

from litestar.response import Redirect, Template

from adapters.http.connection import HttpConnection
from adapters.http.framed_pages import FramedPage
from adapters.http.headers import POLICY, content_policy
from adapters.http.request_context import app_of, framed_pages_of, settings_of
from adapters.http.settings import HttpSettings
from adapters.http.web.public.way import Frame
from adapters.http.web.query import pairs_of
from domain.booking_page import BookingPage
from domain.ids import PageId

PREVIEWED_FOR = 60 * 60
"""Seconds that the editor's preview can be reloaded for."""

ITSELF = "'self'"
ANYBODY = "*"


def framed(
    answer: Template | Redirect, page: BookingPage, frame: Frame, settings: HttpSettings, now: float
) -> Template | Redirect:
    """Let those frame the answer who may frame the page."""
    sources = _ancestors(FramedPage.of(page), frame, settings, now)
    answer.headers[POLICY] = policy_for(sources, settings)
    if isinstance(answer, Template):
        context: Mapping[str, object] = answer.context
        answer.context = {**context, "parents": sources}
    return answer


def failed_in_frame(request: HttpConnection) -> tuple[Frame, tuple[str, ...]] | None:
    """The frame that a failed request is for, and the sources that may frame the answer.

    None outside of frames, and where this process has never read the page: then nobody may.
    """
    page = framed_pages_of(request).asked_for(request)
    if page is None:
        return None
    frame = Frame.of(pairs_of(request))
    return frame, _ancestors(page, frame, settings_of(request), app_of(request).now().timestamp())


def policy_for(sources: tuple[str, ...], settings: HttpSettings) -> str:
    return content_policy(settings, ancestors=" ".join(sources) or "'none'")


def _ancestors(page: FramedPage, frame: Frame, settings: HttpSettings, now: float) -> tuple[str, ...]:
    """The sources of `frame-ancestors` for a page; none where nobody may frame it."""
    if frame.preview and _is_signed(frame.preview, page.id, settings, now):
        return (ITSELF,)
    match page.embedding:
        case "nowhere":
            return ()
        case "anywhere":
            return (ANYBODY,)
        case sites:
            return sites


def preview_for(page_id: PageId, settings: HttpSettings, now: float) -> str:
    """What lets the editor frame the page for a while, whoever else may."""
    until = int(now) + PREVIEWED_FOR
    return f"{until}.{_signature(until, page_id, settings)}"


def _is_signed(preview: str, page_id: PageId, settings: HttpSettings, now: float) -> bool:
    until, _, signature = preview.partition(".")
    return int(until) > now and compare_digest(signature, _signature(int(until), page_id, settings))


def _signature(until: int, page_id: PageId, settings: HttpSettings) -> str:
    return new(settings.signing_secret, f"preview {until} {page_id}".encode(), sha256).hexdigest()

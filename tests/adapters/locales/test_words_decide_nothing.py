"""With every sentence reversed, everything goes on as it does in English: words are shown, and nothing reads them."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from gettext import NullTranslations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.mail.message import booking_message
from adapters.presentation.language import ENGLISH, Language, Languages, gettext, ngettext, speaking
from application.booking.access import BookingById
from application.ports.mail import BookingMail
from application.ports.provider import NotConnected, NotPermitted, TryLater
from domain.errors import BookingClosed, InvalidInput, MeetingTypeNotOffered
from domain.meeting_type import name_of
from domain.provider_problem import GrantEnded, MeetingsNotAllowed, RateLimited
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import a_page, an_account, at_the_harbour, phone_by_host, zoom
from tests.support.editor import sends
from tests.support.mail_examples import ORIGIN
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Fields, Visitor

_KEPT = re.compile(r"(<[^>]*>|&\w+;|%\(\w+\)s|\{\w*\})")
# The order of a list is its reader's.
_CONTROLS = re.compile(r'(?<!<option )\b(?:action|formaction|name|value)="([^" ]*)"')
_NO_TEXT = (
    "METHOD", "UID", "SEQUENCE", "STATUS", "DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED", "TRANSP", "URL",
)  # fmt: skip
ANA: Fields = {
    "name": "Ana Brito",
    "email": "ana@hosts.example",
    "password": PASSWORD,
    "handle": "ana",
    "timezone": "America/Sao_Paulo",
}
OWN_LINK = "https://meet.example/anna"
ENDED, FORBIDDEN = NotConnected(GrantEnded("zoom")), NotPermitted(MeetingsNotAllowed("zoom"))


def backwards(message: str) -> str:
    """Each stretch between placeholders, tags and entities from its end to its beginning."""
    pieces = _KEPT.split(message)
    return "".join(piece if place % 2 else piece[::-1] for place, piece in enumerate(pieces))


class _Backwards(NullTranslations):
    def gettext(self, message: str) -> str:
        # Dates have patterns, not sentences.
        return message if message.startswith(("EEE", "LLL")) else backwards(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


BACKWARDS = Language("el", "Ελληνικά", _Backwards())
BOTH = Languages((ENGLISH, BACKWARDS))

Flow = Callable[[], Awaitable[Booked]]


async def books() -> Booked:
    return await (await Booked.on(zoom)).work_off()


async def falls_back() -> Booked:
    booked = await Booked.on(zoom, at_the_harbour)
    booked.zoom_says_no_to("create", FORBIDDEN)
    return await booked.work_off()


async def falls_back_at_the_submit() -> Booked:
    return await (await Booked.on(phone_by_host, at_the_harbour)).work_off()


async def is_given_up_on() -> Booked:
    return await Booked.without_link(zoom)


async def waits_through_a_delay() -> Booked:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", TryLater(RateLimited("zoom")))
    await booked.work_off()
    return await booked.work_off(after=timedelta(minutes=2))


async def is_reconnected() -> Booked:
    booked = await Booked.without_link(zoom)
    await booked.reconnects()
    return await booked.work_off()


async def gets_a_link_by_hand() -> Booked:
    booked = await Booked.without_link(zoom)
    await booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, OWN_LINK)
    return await booked.work_off()


async def is_switched() -> Booked:
    booked = await Booked.on(zoom, at_the_harbour)
    await booked.work_off()
    await booked.app.switch_meeting_type(await booked.memory.as_host(booked.booking_id), booked.booking_id, "in_person")
    return await booked.work_off()


async def is_moved_and_cancelled() -> Booked:
    booked = await books()
    await booked.moves(THURSDAY_AT_TEN + timedelta(hours=1))
    await booked.work_off()
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "Ill")
    return await booked.work_off()


async def is_reminded() -> Booked:
    booked = await books()
    booked.memory.clock.set(THURSDAY_AT_TEN - timedelta(days=1))
    return await booked.work_off()


async def is_proposed_another_time_and_takes_it() -> Booked:
    booked = await books()
    later = THURSDAY_AT_TEN + timedelta(hours=1)
    await booked.app.propose_times(await booked.memory.as_host(booked.booking_id), booked.booking_id, [later], "Please")
    await booked.work_off()
    await booked.app.take_proposed_time(await booked.memory.as_guest(booked.booking_id), later)
    return await booked.work_off()


FLOWS: tuple[Flow, ...] = (
    books,
    falls_back,
    falls_back_at_the_submit,
    is_given_up_on,
    waits_through_a_delay,
    is_reconnected,
    gets_a_link_by_hand,
    is_switched,
    is_moved_and_cancelled,
    is_reminded,
    is_proposed_another_time_and_takes_it,
)


async def outcome(booked: Booked) -> list[Any]:
    """What has come of a booking, without a word."""
    now = await booked.now()
    mails = [(mail.kind, mail.party, mail.booking.revision) for mail in booked.memory.mailer.mails_to("guest")]
    lists = [len(await booked.listed(show)) for show in ("upcoming", "cancelled", "needs_attention")]
    return [
        now.status, name_of(now.meeting_type), type(now.conference), now.fallback, now.revision, now.last_change,
        await booked.tags(), mails, lists,
    ]  # fmt: skip


async def pages_of(booked: Booked, language: Language) -> list[Any]:
    """What the pages of a booking, its host's help and banners let people do: statuses, forms and links."""
    server = Server(booked.memory, spoken=BOTH, rate_limit=False)
    visitor = Visitor(server)
    visitor.client.headers["accept-language"] = language.tag
    await visitor.signs_in(booked.host)
    now = await booked.now()
    found: list[Any] = []
    for path in (f"/bookings/{now.id}", f"/b/{now.token}", "/bookings", "/help/zoom", "/settings/providers"):
        await visitor.opens(path)
        assert f'lang="{language.tag}"' in visitor.html
        found.append(_controls(visitor))
    return found


def mails_of(booked: Booked) -> list[Any]:
    """What mail and calendar programs go by in the mails about a booking: headers, parts, links and the event."""
    mails = [each for each in booked.memory.mailer.sent if isinstance(each, BookingMail)]
    return [_for_programs(booking_message(mail, ORIGIN).content) for mail in mails]


def _for_programs(content: bytes) -> list[Any]:
    message = message_from_bytes(content, policy=default)
    headers = [_without_ids(str(message[name])) for name in ("Message-ID", "References", "Date", "Reply-To")]
    parts = list(message.walk())
    html = next(part.get_content() for part in parts if part.get_content_type() == "text/html")
    calendars = [part.get_content() for part in parts if part.get_content_type() == "text/calendar"]
    return [
        headers,
        [part.get_content_type() for part in parts],
        re.findall(r'href="([^"]*)"', _without_ids(html)),
        [_event_in(each) for each in calendars],
    ]


def _event_in(calendar: str | bytes) -> list[str]:
    """What a calendar program goes by: the properties that are no text, addresses and links."""
    text = calendar if isinstance(calendar, str) else calendar.decode()
    unfolded = _without_ids(re.sub(r"\r?\n[ \t]", "", text))
    return [
        *re.findall(rf"^(?:{'|'.join(_NO_TEXT)})[:;].*", unfolded, flags=re.MULTILINE),
        *re.findall(r"mailto:[^\s;]+", unfolded),
        *re.findall(r"https?://[^\s\\,;]+", unfolded),
    ]


def _without_ids(text: str) -> str:
    return re.sub(r"(host|page|event-type|id|token)-?\d+", "", text)


def _controls(visitor: Visitor) -> tuple[int, str, list[str]]:
    """What the last answer lets people do: its status, where it leads, and its forms without the choice of language."""
    leads_to = urlsplit(_without_ids(visitor.answer.headers.get("location", ""))).path
    html = re.sub(r'<form[^>]*action="/language".*?</form>', "", _without_ids(visitor.html), flags=re.DOTALL)
    return visitor.status, leads_to, _CONTROLS.findall(html)


async def signs_up(visitor: Visitor, _server: Server) -> AsyncIterator[None]:
    await visitor.sends("/signup", {**ANA, "email": "ana", "handle": "admin", "password": "short"})
    yield
    await visitor.sends("/signup", ANA)
    yield
    await visitor.follows()
    yield


async def saves_in_the_editor(visitor: Visitor, server: Server) -> AsyncIterator[None]:
    host = await server.memory.host(password=PASSWORD)
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    await visitor.signs_in(host)
    await sends(visitor, page, title=" ", notice="-1")
    yield
    await visitor.opens(f"/pages/{page.id}/edit")
    version = visitor.value("version")
    yield
    await sends(visitor, page, title="Theirs", notice="4", version=version)
    yield
    await sends(visitor, page, title="Mine", version=version)
    yield
    await sends(visitor, page, title="Mine", version=visitor.value("version"))
    yield


async def comes_back_from_zoom(visitor: Visitor, server: Server) -> AsyncIterator[None]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    for accepted in (False, True):
        await visitor.sends("/settings/providers/zoom/connect", page="/settings/providers")
        code = server.memory.providers["zoom"].consent(visitor.location, an_account())
        state = parse_qs(urlsplit(visitor.location).query)["state"][0]
        query = {"code": code} if accepted else {"error": "access_denied"}
        visitor.answer = await visitor.client.get("/integrations/zoom/callback", params={"state": state, **query})
        yield
        await visitor.follows()
        yield


async def asks_for_support(visitor: Visitor, _server: Server) -> AsyncIterator[None]:
    typed = {"email": "ana@guests.example", "page_url": "", "message": "Hello?"}
    for fields in ({**typed, "email": "ana", "message": " "}, typed):
        files: Any = {"screenshot": ("", b"", "image/png")}
        visitor.answer = await visitor.client.post("/support", data=fields, files=files)
        yield
    await visitor.follows()
    yield


FEED = "https://calendar.example/anna.ics"


async def connects_a_feed(visitor: Visitor, server: Server) -> AsyncIterator[None]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    server.memory.feeds.publish(FEED)
    for url in ("ftp://calendar.example/", "https://nothing.example/a.ics", FEED):
        await visitor.sends("/settings/calendars/feed", {"url": url, "name": "Work"}, page="/settings/providers")
        yield
    await visitor.follows()
    yield


async def opens_to_programs(visitor: Visitor, server: Server) -> AsyncIterator[None]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    for url in ("http://10.0.0.1/", "https://hooks.example/"):
        await visitor.sends("/settings/webhooks", {"url": url, "events": "booking.created"}, page="/settings/webhooks")
        yield
    for password in ("wrong", PASSWORD):
        await visitor.sends("/settings/api-tokens", {"name": "CI", "scopes": "*", "password": password})
        yield


@pytest.mark.parametrize("flow", FLOWS)
async def test_a_booking_goes_its_way_whatever_the_words(flow: Flow) -> None:
    found: list[list[Any]] = []
    for language in (ENGLISH, BACKWARDS):
        with speaking(language):
            booked = await flow()
            found.append([await outcome(booked), await pages_of(booked, language), mails_of(booked)])

    assert found[0][-1], "No mail was sent."
    assert found[0] == found[1]


WALKS: tuple[Callable[[Visitor, Server], AsyncIterator[None]], ...] = (
    signs_up,
    saves_in_the_editor,
    comes_back_from_zoom,
    asks_for_support,
    connects_a_feed,
    opens_to_programs,
)


@pytest.mark.parametrize("walk", WALKS)
async def test_pages_lead_the_same_way_whatever_the_words(
    walk: Callable[[Visitor, Server], AsyncIterator[None]],
) -> None:
    found: list[list[Any]] = []
    for language in (ENGLISH, BACKWARDS):
        server = Server(MemoryApp(), spoken=BOTH, rate_limit=False)
        visitor = Visitor(server)
        visitor.client.headers["accept-language"] = language.tag
        found.append([_controls(visitor) async for _ in walk(visitor, server)])

    assert found[0] == found[1]


@pytest.mark.parametrize("language", [ENGLISH, BACKWARDS])
async def test_refusals_are_the_same_whatever_the_words(language: Language) -> None:
    with speaking(language):
        booked = await books()
        number = booked.booking_id
        host, guest = await booked.memory.as_host(number), await booked.memory.as_guest(number)
        with pytest.raises(InvalidInput):
            await booked.app.set_join_link(host, number, "meet.example")
        with pytest.raises(MeetingTypeNotOffered):
            await booked.app.switch_meeting_type(host, number, "phone")
        await booked.app.cancel(BookingById(host, number), "")
        with pytest.raises(BookingClosed):
            await booked.app.cancel(guest, "")


def test_backwards_is_backwards() -> None:
    with speaking(BACKWARDS):
        assert " olleH{name}" == gettext("Hello {name}")
        assert "{n}setunim " == ngettext("{n} minute", "{n} minutes", 2)

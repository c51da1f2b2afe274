"""With every sentence reversed, everything goes on as it does in English: words are shown, and nothing reads them."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from gettext import NullTranslations
from typing import Any

import pytest

from adapters.mail.message import booking_message
from adapters.presentation.language import ENGLISH, Language, Languages, gettext, ngettext, speaking
from application.ports.mail import BookingMail
from application.ports.provider import NotConnected, NotPermitted, TryLater
from domain.errors import BookingClosed, InvalidInput, MeetingTypeNotOffered
from domain.meeting_type import name_of
from domain.provider_problem import GrantEnded, MeetingsNotAllowed, RateLimited
from tests.adapters.http.api.serving import Server
from tests.adapters.http.web.visiting import Visitor
from tests.adapters.mail.examples import ORIGIN
from tests.application.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import at_the_harbour, phone_by_host, zoom

_KEPT = re.compile(r"(<[^>]*>|&\w+;|%\(\w+\)s|\{\w*\})")
_CONTROLS = re.compile(r'\b(?:action|formaction|name|value)="([^" ]*)"')
_NO_TEXT = (
    "METHOD", "UID", "SEQUENCE", "STATUS", "DTSTAMP", "DTSTART", "DTEND", "CREATED", "LAST-MODIFIED", "TRANSP", "URL",
)  # fmt: skip
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
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), booked.booking_id, "Ill")
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
        found.append(
            (visitor.status, re.findall(r'\b(?:action|formaction|name|value)="([^" ]*)"', _told(visitor.html)))
        )
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
    return re.sub(r"(host|page|id|token)-?\d+", "", text)


def _told(html: str) -> str:
    """Without what differs from one visit to the next, and the choice of a language."""
    page = re.sub(r'name="_csrf_token" value="[^"]*"', "", html)
    page = _without_ids(page)
    return re.sub(r'<form[^>]*action="/language".*?</form>', "", page, flags=re.DOTALL)


@pytest.mark.parametrize("flow", FLOWS)
async def test_a_booking_goes_its_way_whatever_the_words(flow: Flow) -> None:
    found: list[list[Any]] = []
    for language in (ENGLISH, BACKWARDS):
        with speaking(language):
            booked = await flow()
            found.append([await outcome(booked), await pages_of(booked, language), mails_of(booked)])

    assert found[0][-1], "No mail was sent."
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
        await booked.app.cancel(host, number, "")
        with pytest.raises(BookingClosed):
            await booked.app.cancel(guest, number, "")


def test_backwards_is_backwards() -> None:
    with speaking(BACKWARDS):
        assert " olleH{name}" == gettext("Hello {name}")
        assert "{n}setunim " == ngettext("{n} minute", "{n} minutes", 2)

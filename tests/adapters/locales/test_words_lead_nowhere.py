"""With every sentence reversed, each page leads where it leads in English."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from adapters.memory.passkeys import MemoryAnswer
from adapters.presentation.language import ENGLISH, Language, speaking
from application.ports.webhooks import Sent
from domain.calendar_problem import CalendarProblem
from domain.webhook_problem import WebhookProblem
from tests.adapters.locales.backwards import BACKWARDS, BOTH, controls, mails_of
from tests.support.builders import a_page, an_account, at_the_harbour, bob, phone_by_host
from tests.support.calendar_world import CalendarWorld
from tests.support.editor import sends
from tests.support.every import every
from tests.support.mail_examples import ORIGIN
from tests.support.memory_app import MemoryApp
from tests.support.read_mail import path_in
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import PASSWORD, Fields, Visitor

ANA: Fields = {
    "name": "Ana Brito",
    "email": "ana@hosts.example",
    "password": PASSWORD,
    "handle": "ana",
    "timezone": "America/Sao_Paulo",
}
ANOTHER = "battery staple"
FEED, HOOK = "https://calendar.example/anna.ics", "https://hooks.example/"


async def signs_up(visitor: Visitor, _server: Server) -> AsyncIterator[object]:
    await visitor.sends("/signup", {**ANA, "email": "ana", "handle": "admin", "password": "short"})
    yield
    await visitor.sends("/signup", ANA)
    yield
    await visitor.follows()
    yield


async def saves_in_the_editor(visitor: Visitor, server: Server) -> AsyncIterator[object]:
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


async def comes_back_from_zoom(visitor: Visitor, server: Server) -> AsyncIterator[object]:
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


async def asks_for_support(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    typed = {"email": "ana@guests.example", "page_url": "", "message": "Hello?"}
    for fields in ({**typed, "email": "ana", "message": " "}, typed):
        files: Any = {"screenshot": ("", b"", "image/png")}
        visitor.answer = await visitor.client.post("/support", data=fields, files=files)
        yield
    await visitor.follows()
    yield
    path = visitor.answer.url.path
    for message in (" ", "And now?"):
        yield await _sends(visitor, path, message=message)
    await server.memory.work_off()
    mail = next(each for each in reversed(server.memory.mailer.support) if each.kind == "to_operator")
    desk = f"/support/desk/{mail.desk_link}"
    yield await visitor.opens(desk)
    for message in (" ", "Try again."):
        yield await _sends(visitor, f"{desk}/{mail.thread.id}", message=message)
    yield await _sends(visitor, f"{desk}/{mail.thread.id}/close", page=f"{desk}/{mail.thread.id}")
    await server.memory.work_off()
    yield await visitor.opens(path)


async def connects_a_feed(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    server.memory.feeds.publish(FEED)
    for url in ("ftp://calendar.example/", "https://nothing.example/a.ics", FEED):
        await visitor.sends("/settings/calendars/feed", {"url": url, "name": "Work"}, page="/settings/providers")
        yield
    await visitor.follows()
    yield


async def opens_to_programs(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    for url in ("http://10.0.0.1/", "https://hooks.example/"):
        await visitor.sends("/settings/webhooks", {"url": url, "events": "booking.created"}, page="/settings/webhooks")
        yield
    for password in ("wrong", PASSWORD):
        await visitor.sends("/settings/api-tokens", {"name": "CI", "scopes": "*", "password": password})
        yield


async def signs_in_again(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    host = await server.memory.host(password=PASSWORD)
    yield await _sends(visitor, "/signin", email=host.email, password="wrong")
    yield await _sends(visitor, "/forgot", email=host.email)
    await server.memory.work_off()
    link = path_in(server.memory.mailer.notices[-1])
    for password in ("short", ANOTHER, ANOTHER):
        yield await _sends(visitor, link, page="/signin", password=password)
    yield await _sends(visitor, "/signin", email=host.email, password=ANOTHER)
    yield await _sends(visitor, "/settings/password", current_password="wrong", password=PASSWORD)
    yield await _sends(visitor, "/settings/password", current_password=ANOTHER, password=PASSWORD)
    await server.memory.work_off()
    yield await _sends(visitor, "/signout", page="/dashboard")


async def uses_a_passkey(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    new = "/settings/passkeys/new"
    yield await _sends(visitor, new, passkey_name="Phone", password="wrong")
    for accepted in (False, True):
        yield await _sends(visitor, new, passkey_name="Phone", password=PASSWORD)
        challenge = visitor.html.split('data-options="')[1].split('"')[0]
        credential = _answers(challenge, accepted=accepted)
        yield await _sends(visitor, "/settings/passkeys", page=new, passkey_name="Phone", credential=credential)
    await _sends(visitor, "/signout", page="/dashboard")
    for accepted in (False, True):
        challenge = (await visitor.client.post("/signin/passkey/options")).text
        credential = _answers(challenge, accepted=accepted)
        yield await _sends(visitor, "/signin/passkey", page="/signin", credential=credential)
    await server.memory.work_off()


async def books_in_a_frame_and_confirms(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = a_page(host, confirm_guest_email=True)
    page = await server.memory.page(msgspec.structs.replace(page, embedding="anywhere"))
    path = f"/embed/{host.handle}/{page.slug}/{page.event_types[0].slug}"
    form = f"{path}?start={TUESDAY_AT_TEN}&timezone=UTC"
    yield await visitor.opens(form)
    asked: Fields = {"start": TUESDAY_AT_TEN, "timezone": "UTC", "meeting_type": "zoom", "key": visitor.value("key")}
    for email in ("ana", "ana@guests.example"):
        yield await _sends(visitor, path, page=form, name="Ana", email=email, additional_guests=bob.email, **asked)
    yield await visitor.follows()
    await server.memory.work_off()
    link = urlsplit(ORIGIN.page_to_confirm(server.memory.mailer.confirmations[-1].link)).path
    yield await visitor.opens(link)
    yield await _sends(visitor, link)
    yield await visitor.opens(link)
    await server.memory.work_off()
    invited = server.memory.mailer.mails_to(0)[-1].invitee
    assert invited
    for _ in range(2):
        yield await _sends(visitor, f"/leave/{invited.leave}", page="/support")
        yield await visitor.follows()
    await server.memory.work_off()


async def looks_at_broken_calendars(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    host = await server.memory.host(password=PASSWORD)
    page = a_page(host, meeting_types=(phone_by_host,))
    world = CalendarWorld(server.memory, host, await server.memory.page(page))
    reader = server.memory.calendar_readers["google"]
    names = [f"c{number}" for number, _ in enumerate(every(CalendarProblem))]
    for name, problem in zip(names, every(CalendarProblem), strict=True):
        await world.connect(name, name)
        reader.fail(name, name, problem)
    await world.passes(timedelta(days=2))
    await visitor.signs_in(host)
    public = f"/{host.handle}/{page.slug}"
    for path in ("/settings/providers", "/dashboard", f"/pages/{page.id}/edit", public, f"{public}/intro"):
        yield await visitor.opens(path)
    for name in names:
        yield await visitor.opens(f"/settings/calendars/{name}")
        yield await visitor.opens(f"/settings/calendar-connections/k-{name}")
    yield await _sends(visitor, f"/settings/calendar-connections/k-{names[0]}/read", page="/settings/providers")
    yield await visitor.follows()


async def mends_a_webhook(visitor: Visitor, server: Server) -> AsyncIterator[object]:
    await visitor.signs_in(await server.memory.host(password=PASSWORD))
    await _sends(visitor, "/settings/webhooks", url=HOOK, events="booking.created")
    path = visitor.location
    for problem in every(WebhookProblem):
        server.memory.webhooks.answer(HOOK, Sent(7, 500, problem))
        await _sends(visitor, f"{path}/test", page=path)
        await server.memory.work_off()
    yield await visitor.opens(path)
    deliveries = re.findall(rf'href="({path}/deliveries/[^"]+)"', visitor.html)
    for delivery in deliveries:
        yield await visitor.opens(delivery)
    server.memory.webhooks.answer(HOOK)
    delivery = deliveries[0]
    yield await _sends(visitor, delivery)
    await server.memory.work_off()
    yield await visitor.opens(delivery)
    for step in ("resume", "recover", "secret", "remove"):
        yield await _sends(visitor, f"{path}/{step}", page=path, since="week")
        yield await visitor.follows()


async def _sends(visitor: Visitor, path: str, *, page: str | None = None, **fields: str | list[str]) -> None:
    await visitor.sends(path, fields, page=page)


def _answers(challenge: str, *, accepted: bool) -> str:
    return msgspec.json.encode(MemoryAnswer(challenge, b"phone", b"secret", accepted=accepted)).decode()


WALKS: tuple[Callable[[Visitor, Server], AsyncIterator[object]], ...] = (
    signs_up,
    saves_in_the_editor,
    comes_back_from_zoom,
    asks_for_support,
    connects_a_feed,
    opens_to_programs,
    signs_in_again,
    uses_a_passkey,
    books_in_a_frame_and_confirms,
    looks_at_broken_calendars,
    mends_a_webhook,
)


@pytest.mark.parametrize("walk", WALKS)
async def test_pages_lead_the_same_way_whatever_the_words(
    walk: Callable[[Visitor, Server], AsyncIterator[object]],
) -> None:
    found: list[list[Any]] = []
    for language in (ENGLISH, BACKWARDS):
        server = Server(MemoryApp(), spoken=BOTH, rate_limit=False)
        visitor = Visitor(server)
        visitor.client.headers["accept-language"] = language.tag
        seen = [_seen(visitor, language) async for _ in walk(visitor, server)]
        with speaking(language):
            found.append([*seen, *mails_of(server.memory.mailer)])

    assert found[0] == found[1]


def _seen(visitor: Visitor, language: Language) -> Any:
    assert "<html" not in visitor.html or f'lang="{language.tag}"' in visitor.html
    return controls(visitor)

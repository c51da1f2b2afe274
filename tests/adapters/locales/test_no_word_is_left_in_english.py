"""Every page asks the catalogue for every word that it shows: read in a language that makes the others stand out."""

from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest

from adapters.http.problems import STATUS
from application.actor import OperatorActor, VisitorActor
from application.connections.authorization import CallbackOutcome
from application.support.ask_support import SupportMessage
from domain.booking import Cancellation, Move
from domain.conference import Failed, Failure, FailureType, NoConference, Pending, Ready
from domain.connection import Blocked, Connected, NeedsReconnect
from domain.fallback import MeetingFailed
from domain.meeting_type import GoogleMeet, Phone, Zoom
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import MeetingsNotAllowed, UserUnknown
from tests.adapters.locales.world import GUEST, HARBOUR, MEETINGS, READY, World
from tests.support.builders import A_DAY, NOW, TOMORROW_AT_TEN, a_page, an_event_type
from tests.support.pseudo import english_in, english_on, widened
from tests.support.serving import TUESDAY_AT_TEN
from tests.support.visiting import Fields

OWN_LINK = Ready("https://meet.example/x")
STATES: dict[str, dict[str, Any]] = {
    "unannounced": {"conference": Pending("zoom"), "announced": False},
    "pending": {"conference": Pending("zoom")},
    "ready": {"conference": READY},
    "replaced": {"conference": OWN_LINK, "last_change": "link_replaced"},
    "host calls": {"conference": NoConference(), "meeting_type": Phone("host"), "requested": "phone"},
    "guest calls": {"conference": NoConference(), "meeting_type": Phone("guest", "+49 1"), "requested": "phone"},
    "in person": {"conference": NoConference(), "meeting_type": HARBOUR, "requested": "in_person"},
    "moved by host": {"conference": READY, "move": Move("host", TOMORROW_AT_TEN + A_DAY, "Ω")},
    "moved by guest": {"conference": READY, "move": Move("guest", TOMORROW_AT_TEN + A_DAY)},
    "made for another time": {"conference": msgspec.structs.replace(READY, made_for=TOMORROW_AT_TEN)},
    "unreached": {"conference": READY, "unreached": ("guest",)},
    "cancelled by host": {"conference": READY, "cancellation": Cancellation("host", NOW, "Ω")},
    "cancelled by guest": {"conference": READY, "cancellation": Cancellation("guest", NOW)},
}


def test_what_stands_out_is_what_was_not_looked_up() -> None:
    page = '<p title="Close it">{}</p> <b data-word="Many of them" data-url="x y">Anna now</b> Zoom <code>x yz</code>'

    assert ["Close it", "Many of them", "Anna now"] == english_on(page.format(widened("Hello <b>you</b>")))
    assert [] == english_in(widened("Mail to {who}, please").format(who="anna@guests.example"))


async def test_on_the_pages_for_everybody() -> None:
    world = World()
    await world.reads(
        "/", "/signup", "/signin", "/signin?done=reset", "/signin?done=confirmed", "/signin?next=/bookings", "/forgot",
        "/forgot/sent", "/signup/check-mail", "/reset/gone", "/confirm-email/gone", "/support",
        "/help/zoom", "/help/google-meet", "/help/microsoft-teams", "/help/passkeys", "/nobody/nothing", "/b/nobody",
    )  # fmt: skip

    assert [] == world.left


async def test_on_the_pages_of_a_conversation_with_support() -> None:
    world = World()
    app, operator = world.memory.app, OperatorActor(world.memory.desk_links.until(world.memory.clock() + A_DAY))
    desk = f"/support/desk/{operator.link}"
    token = (await app.ask_support(SupportMessage("anna@guests.example", "/α", "Ναι"), "203.0.113.9")).token
    thread = await app.show_support_thread(VisitorActor(token))
    await world.reads(f"/support/{token}?sent=mailed", desk, f"{desk}/{thread.id}", "/support/nobody", f"{desk}0")
    await app.answer_support(operator, thread.id, "Ναι")
    await app.close_support_thread(operator, thread.id)

    await world.reads(f"/support/{token}", f"{desk}?done=answered", f"{desk}?done=closed", f"{desk}/{thread.id}")

    assert [] == world.left


async def test_on_the_forms_for_everybody_with_what_is_wrong() -> None:
    world = World()
    for path in ("/signup", "/signin", "/forgot", "/support"):
        await world.visitor.sends(path, {})
        world.notes(path)
        await world.visitor.sends(
            path, {"email": "nobody", "handle": "-", "password": "x", "name": "Α", "timezone": "x"}
        )
        world.notes(path)

    assert [] == world.left


async def test_on_the_explained_problems() -> None:
    world = World()
    await world.reads(*(f"/problems/{name}" for name in STATUS))

    assert [] == world.left


async def test_on_the_pages_of_a_new_host() -> None:
    world = await World().settles()
    await world.reads(
        "/", "/dashboard", "/bookings", "/bookings?show=past", "/bookings?show=needs_attention", "/pages/new"
    )
    await world.reads("/settings/providers", "/settings/profile", "/settings/password", "/settings/data", "/support")
    await world.reads(
        "/settings/api-tokens",
        "/settings/not-me",
        "/help/zoom",
        "/help/google-meet",
        "/help/microsoft-teams",
        "/forgot",
    )

    assert [] == world.left


async def test_on_the_settings_with_what_is_wrong_and_what_was_done() -> None:
    world = await World().settles()
    typed: dict[str, Fields] = {
        "/settings/profile": {"name": "", "handle": "-", "timezone": "x", "language": "xx"},
        "/settings/password": {"current_password": "x", "password": "x"},
        "/settings/api-tokens": {"name": "Α"},
        "/settings/data/delete": {"password": "x", "handle": "x"},
        "/pages/new": {"title": "", "slug": "-"},
    }
    for path, fields in typed.items():
        await world.visitor.sends(path, fields, page=path.removesuffix("/delete"))
        world.notes(path)
    for done in (
        "saved",
        "confirmed",
        "sent",
        "changed",
        "revoked",
        "email",
        "password",
        "made",
        "session-ended",
        "not-me",
        "ended",
        "1",
    ):
        await world.reads(f"/settings/profile?done={done}", f"/settings/password?done={done}")
        await world.reads(f"/settings/api-tokens?done={done}", f"/settings/profile?saved={done}")

    assert [] == world.left


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_on_the_rows_of_the_providers(provider: Provider) -> None:
    world = await World().settles()
    states = Connected(), NeedsReconnect(UserUnknown(provider)), Blocked(MeetingsNotAllowed(provider))
    for hour, state in zip((8, 10, 12), states, strict=True):
        await world.memory.connect(world.host, provider, state=state)
        await world.page(MEETINGS[provider], HARBOUR)
        await world.page(MEETINGS[provider])
        page = await world.page(HARBOUR)
        await world.books(page, hour, meeting_type=MEETINGS[provider], conference=Pending(provider))
        await world.books(page, hour + 1, meeting_type=MEETINGS[provider], conference=OWN_LINK)
        await world.reads("/settings/providers", f"/settings/providers?{provider}=connected", "/dashboard", "/bookings")
        await world.reads(f"/settings/providers/{provider}/disconnect", f"/pages/{page.id}/edit")
        for code in (*CallbackOutcome, "disconnected", "in-use", "signed-out", "not-set-up"):
            world.visitor.client.cookies.set("timetuna_provider_message", f"{provider}.{code}", path="/settings")
            await world.reads("/settings/providers")

    assert [] == world.left


@pytest.mark.parametrize("code", get_args(FailureType))
@pytest.mark.parametrize("provider", PROVIDERS)
async def test_on_the_pages_of_a_booking_whose_meeting_fails(provider: Provider, code: FailureType) -> None:
    world = await World().settles()
    await world.memory.connect(world.host, provider)
    page = await world.page(MEETINGS[provider], HARBOUR)
    failure = Failure(code, MeetingsNotAllowed(provider))
    fell_back = {"conference": NoConference(), "meeting_type": HARBOUR, "fallback": MeetingFailed(failure)}
    for hour, changes in enumerate(
        (
            {"conference": Pending(provider, attempts=3, failure=failure)},
            {"conference": Failed(failure)},
            {"conference": Failed(failure), "unreached": ("guest", "host")},
            fell_back,
        ),
        start=8,
    ):
        booking = await world.books(page, hour, **{"meeting_type": MEETINGS[provider], **changes})
        await world.reads_booking(booking)
    await world.reads("/dashboard", "/bookings", "/bookings?show=needs_attention")

    assert [] == world.left


@pytest.mark.parametrize("name", STATES)
async def test_on_the_pages_of_a_booking(name: str) -> None:
    world = await World().settles()
    await world.memory.connect(world.host)
    page = await world.page()
    await world.reads_booking(await world.books(page, **STATES[name]))
    world.memory.clock.advance(timedelta(days=3))
    await world.reads("/bookings", "/bookings?show=past", "/dashboard")

    assert [] == world.left


async def test_on_the_pages_of_a_past_booking() -> None:
    world = await World().settles()
    page = await world.page()
    booking = await world.books(page, conference=READY)
    world.memory.clock.advance(timedelta(days=3))
    await world.reads_booking(booking)

    assert [] == world.left


async def test_on_the_public_pages() -> None:
    world = await World().settles()
    await world.memory.connect(world.host)
    page, only_zoom, closed = await world.page(), await world.page(Zoom()), await world.page(GoogleMeet())
    two = await world.memory.page(
        a_page(world.host, an_event_type(title="Α"), an_event_type(slug="long", title="Β"), title="Γ")
    )
    path = f"/{world.host.handle}/{page.slug}"
    await world.books(page, 10, conference=READY)
    await world.reads(
        f"/{world.host.handle}", path, f"{path}?month=2026-04", f"{path}?date=2026-03-04", f"{path}?date=2026-03-07",
        f"{path}?month=2031-01", f"{path}/intro", f"{path}/intro?start=2026-03-03T11:00:00Z", f"{path}/intro?start=x",
        f"{path}/intro?start={TUESDAY_AT_TEN}", f"{path}/nothing", f"{path}?month=x&date=y",
        *(f"/{world.host.handle}/{each.slug}" for each in (only_zoom, closed, two)),
    )  # fmt: skip
    typed: tuple[Fields, ...] = (
        {"start": "2026-03-03T11:00:00Z"},
        {"start": "2026-03-03T11:00:00Z", "name": "Α", "email": "x", "meeting_type": "phone", "q2": "x", "q3": "x"},
        {"start": "2026-03-03T11:00:00Z", "name": "Α", "email": GUEST.email, "meeting_type": "teams", "timezone": "x"},
        {"start": TUESDAY_AT_TEN, "name": "Α", "email": GUEST.email, "meeting_type": "zoom", "q1": "Α"},
        {},
    )
    for fields in typed:
        await world.visitor.sends(f"{path}/intro", fields, page=f"{path}/intro?start=2026-03-03T11:00:00Z")
        world.notes(f"{path} {fields}")

    assert [] == world.left

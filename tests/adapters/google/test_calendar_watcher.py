"""Google is asked to tell of changes, and its messages are read for what they are."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.serve import serving
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.calendar_watcher import CalendarNotice, NewWatch, Watch, WatchRefused
from application.ports.notifications import MalformedNotification
from application.ports.provider import AccessTokenExpired
from domain.calendar_problem import CalendarGone, CalendarProblem, NotACalendar, ServerBusy
from domain.ids import WatchId
from tests.support.google_calendars import NOW, WithCalendars, with_calendars
from tests.support.stand_in import stand_in

NOWHERE = "http://127.0.0.1:9/notifications"
A_WEEK = timedelta(days=7)


@pytest.fixture
async def app() -> AsyncGenerator[WithCalendars]:
    async with with_calendars() as app:
        yield app


def new(address: str = NOWHERE, id_: str = "3f2a-watch") -> NewWatch:
    return NewWatch(WatchId(id_), "a-secret", address, address)


async def test_a_watch_brings_its_secret_with_each_change_until_it_is_ended(app: WithCalendars) -> None:
    messages: list[Request] = []

    async def receive(request: Request) -> Reply:
        messages.append(request)
        return Reply(204)

    async with serving(stand_in(receive)) as url:
        watch = await app.watcher.watch(app.access(), GINA.email, new(f"{url}/notifications"))
        app.adds()
        await app.sandbox.channels.all_sent()
        await app.watcher.unwatch(app.access(), watch)
        app.adds()
        await app.sandbox.channels.all_sent()

    read = [GoogleCalendarNotices().read(each.query, each.headers, each.body) for each in messages]
    assert (WatchId("3f2a-watch"), NOW + A_WEEK) == (watch.id, watch.expires_at)
    assert [(), (CalendarNotice("a-secret", "changed"),)] == read
    [seen] = app.sandbox.arrived(GoogleEndpoint.WATCH)
    assert {"ttl": "604800"} == seen.json()["params"]


async def test_a_refused_domain_is_told_apart_from_everything_else(app: WithCalendars) -> None:
    app.sandbox.channels.refused.add("refused.example")

    with pytest.raises(WatchRefused) as raised:
        await app.watcher.watch(app.access(), GINA.email, new("https://refused.example/notifications"))

    assert "webhookUrlUnauthorized" == raised.value.reason


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (GoogleFailure.SERVER_ERROR, ServerBusy()),
        (GoogleFailure.UNAVAILABLE_HTML, ServerBusy()),
        (GoogleFailure.OK_EMPTY, NotACalendar()),
    ],
)
async def test_a_failure_to_watch_is_worth_another_try(
    app: WithCalendars, failure: GoogleFailure, problem: CalendarProblem
) -> None:
    app.sandbox.fail(failure, on=GoogleEndpoint.WATCH)

    with pytest.raises(CalendarUnreadable) as raised:
        await app.watcher.watch(app.access(), GINA.email, new())

    assert problem == raised.value.problem


async def test_a_calendar_that_is_gone_and_a_token_that_has_ended_are_what_they_are_when_reading(
    app: WithCalendars,
) -> None:
    access = app.access()
    with pytest.raises(CalendarUnreadable) as raised:
        await app.watcher.watch(access, "made-up@group.calendar.google.com", new())
    app.sandbox.grants.expire_access_tokens()

    assert CalendarGone() == raised.value.problem
    with pytest.raises(AccessTokenExpired):
        await app.watcher.watch(access, GINA.email, new())
    with pytest.raises(AccessTokenExpired):
        await app.watcher.unwatch(access, Watch(WatchId("3f2a-watch"), "resource", NOW))


async def test_ending_a_watch_that_is_gone_is_fine(app: WithCalendars) -> None:
    await app.watcher.unwatch(app.access(), Watch(WatchId("never-there"), "resource", NOW))

    app.sandbox.fail(GoogleFailure.SERVER_ERROR, on=GoogleEndpoint.STOP)
    with pytest.raises(CalendarUnreadable):
        await app.watcher.unwatch(app.access(), Watch(WatchId("never-there"), "resource", NOW))


def test_a_message_that_is_none_of_a_channels_is_malformed_and_one_without_a_secret_says_nothing() -> None:
    notices = GoogleCalendarNotices()

    with pytest.raises(MalformedNotification):
        notices.read({}, {"x-goog-channel-token": "a-secret"}, b"")
    assert () == notices.read({}, {"x-goog-resource-state": "exists"}, b"{}")
    assert () == notices.read({}, {"x-goog-resource-state": "exists", "x-goog-channel-token": "x" * 300}, b"")

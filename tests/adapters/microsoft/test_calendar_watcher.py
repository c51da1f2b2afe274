"""Subscriptions to Outlook's calendars against the sandbox, and notifications as Graph writes them."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import msgspec
import pytest

from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices
from adapters.sandbox.asgi import Reply
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from application.ports.calendar_reader import CalendarUnreadable
from application.ports.calendar_watcher import CalendarNotice, NewWatch, Watch, WatchRefused
from application.ports.notifications import AddressCheck, MalformedNotification
from application.ports.provider import AccessTokenExpired
from domain.calendar_problem import CalendarProblem, NotACalendar, ServerBusy, ServerTooSlow
from domain.ids import WatchId
from tests.support.graph_listener import Listener, listening
from tests.support.microsoft_calendars import ConnectedCalendars, connected_calendars
from tests.support.zoom_connected import NOW


@pytest.fixture
async def app() -> AsyncGenerator[ConnectedCalendars]:
    async with connected_calendars() as app:
        yield app


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    async with listening() as listener:
        yield listener


async def watched(app: ConnectedCalendars, listener: Listener) -> Watch:
    new = NewWatch(WatchId("w1"), "secret-1", f"{listener.url}/notices", f"{listener.url}/lifecycle")
    return await app.watcher.watch(app.access(), app.main().id, new)


async def test_a_calendar_is_watched_for_almost_seven_days_at_both_addresses(
    app: ConnectedCalendars, listener: Listener
) -> None:
    watch = await watched(app, listener)

    [kept] = app.sandbox.subscriptions.all()
    assert Watch(WatchId("w1"), kept.id, NOW + timedelta(minutes=10_070)) == watch
    assert ["/notices", "/lifecycle"] == listener.handshakes
    assert (True, ("created", "updated", "deleted")) == (kept.immutable, kept.change_types)


async def test_a_receiver_that_says_no_is_refused_by_graphs_code(app: ConnectedCalendars, listener: Listener) -> None:
    listener.validates = lambda _: Reply(404)

    with pytest.raises(WatchRefused) as refused:
        await watched(app, listener)

    assert "ValidationError" == refused.value.reason


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (MicrosoftFailure.UNAVAILABLE_SECONDS, ServerBusy()),
        (MicrosoftFailure.GATEWAY_TIMEOUT, ServerTooSlow()),
        (MicrosoftFailure.OK_EMPTY, NotACalendar()),
        (MicrosoftFailure.ACCESS_EXPIRED, None),
    ],
)
async def test_what_is_about_this_moment_refuses_nothing(
    app: ConnectedCalendars, listener: Listener, failure: MicrosoftFailure, problem: CalendarProblem | None
) -> None:
    app.sandbox.fail(failure, on=MicrosoftEndpoint.SUBSCRIPTIONS)

    with pytest.raises((CalendarUnreadable, AccessTokenExpired)) as caught:
        await watched(app, listener)

    assert problem == (caught.value.problem if isinstance(caught.value, CalendarUnreadable) else None)


async def test_a_renewal_that_fails_is_not_taken_for_an_end(app: ConnectedCalendars, listener: Listener) -> None:
    watch = await watched(app, listener)
    app.sandbox.fail(MicrosoftFailure.UNAVAILABLE_HTML, on=MicrosoftEndpoint.SUBSCRIPTIONS)

    with pytest.raises(CalendarUnreadable):
        await app.watcher.renew(app.access(), watch)

    renewed = await app.watcher.renew(app.access(), msgspec.structs.replace(watch, expires_at=NOW))
    assert watch == renewed


def test_the_handshake_is_answered_with_the_token_as_it_was_decoded() -> None:
    token = "Validation: Testing client application reachability + 100%"

    assert AddressCheck(token.encode()) == MicrosoftCalendarNotices().read({"validationToken": token}, {}, b"")


@pytest.mark.parametrize(
    ("lifecycle", "kind"),
    [
        (None, "changed"),
        ("missed", "changed"),
        ("reauthorizationRequired", "expiring"),
        ("subscriptionRemoved", "ended"),
        ("a-new-word", "changed"),
    ],
)
def test_a_notification_says_what_to_do(lifecycle: str | None, kind: str) -> None:
    body = {"value": [{"subscriptionId": "s", "clientState": "secret-1", "lifecycleEvent": lifecycle}]}

    [notice] = _read(body)

    assert ("secret-1", kind) == (notice.secret, notice.kind)


def test_many_changes_are_one_nudge_for_each_watch_and_none_without_a_secret() -> None:
    states = ["secret-1", "secret-2", "secret-1", None, ""]
    body = {"value": [{"changeType": "updated", "clientState": state} for state in states]}

    assert (CalendarNotice("secret-1", "changed"), CalendarNotice("secret-2", "changed")) == _read(body)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"value": 1}', b'{"value": [1]}', b"\xff", b"[]"])
def test_what_graph_would_never_send_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedNotification):
        MicrosoftCalendarNotices().read({}, {}, body)


def _read(body: object) -> tuple[CalendarNotice, ...]:
    found = MicrosoftCalendarNotices().read({}, {}, msgspec.json.encode(body))
    assert isinstance(found, tuple)
    return found

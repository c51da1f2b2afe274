"""How a webhook fares, and what makes it rest, alarm its host, or pause."""

from datetime import datetime, timedelta

import msgspec
import pytest

from domain.faults import InvalidValue
from domain.ids import HostId, PageId, WebhookId
from domain.webhook import FAILS_AT_FULL_PACE, SLOWEST_PACE, Alarm, Webhook, WebhookSecrets
from domain.webhook_event import WEBHOOK_EVENT_TYPES
from domain.webhook_problem import EndpointAnswered, EndpointTooSlow
from tests.support.builders import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLOW = EndpointTooSlow()
HOOK = Webhook(
    id=WebhookId("w1"),
    host_id=HostId("h1"),
    url="https://hooks.example/timetuna",
    events=("booking.created", "connection.broken"),
    created_at=NOW,
)


def failing(*ats: datetime) -> tuple[Webhook, list[Alarm]]:
    """After failures at these instants, and the alarms on the way."""
    webhook, alarms = HOOK, list[Alarm]()
    for at in ats:
        webhook, alarm = webhook.failed(SLOW, at)
        alarms.extend(() if alarm is None else (alarm,))
    return webhook, alarms


def test_it_wants_the_events_that_it_lists_of_its_page() -> None:
    of_page = msgspec.structs.replace(HOOK, page_id=PageId("p1"))

    assert HOOK.wants("booking.created", PageId("p2"))
    assert not HOOK.wants("booking.cancelled", PageId("p2"))
    assert of_page.wants("booking.created", PageId("p1"))
    assert not of_page.wants("booking.created", PageId("p2"))
    assert of_page.wants("connection.broken", None)
    assert not msgspec.structs.replace(HOOK, pause="gone").wants("booking.created", None)


def test_it_fails_from_its_first_failure_to_its_next_success() -> None:
    webhook, _ = failing(NOW, NOW + HOUR)
    assert ("failing", NOW, SLOW) == (webhook.state, webhook.failing_since, webhook.problem)

    healed = webhook.succeeded(NOW + 2 * HOUR)
    assert ("active", None, NOW + 2 * HOUR) == (healed.state, healed.problem, healed.last_success_at)


def test_five_days_of_nothing_but_failures_pause_it_after_a_mail() -> None:
    ats = [NOW + hours * HOUR for hours in range(0, 5 * 24 + 1, 6)]

    webhook, alarms = failing(*ats[:-1])
    assert ("failing", ["warned"], NOW + DAY) == (webhook.state, alarms, webhook.warned_at)

    webhook, alarms = failing(*ats)
    assert ("paused", "failing", ["warned", "paused"]) == (webhook.state, webhook.pause, alarms)


def test_one_that_had_nothing_to_do_meanwhile_is_warned_a_day_before() -> None:
    webhook, alarms = failing(NOW, NOW + 9 * DAY, NOW + 9 * DAY + HOUR)
    assert ("failing", ["warned"]) == (webhook.state, alarms)

    _, alarms = failing(NOW, NOW + 9 * DAY, NOW + 10 * DAY)
    assert ["warned", "paused"] == alarms


def test_one_that_is_gone_is_paused_at_once_and_resumed_as_if_new() -> None:
    paused, alarm = HOOK.failed(EndpointAnswered(410), NOW)

    assert ("paused", "gone", "paused") == (paused.state, paused.pause, alarm)
    assert HOOK == paused.resumed()


def test_one_that_keeps_failing_is_tried_ever_less_often() -> None:
    webhook, rests = HOOK, list[timedelta]()
    for _ in range(FAILS_AT_FULL_PACE + 10):
        webhook, _alarm = webhook.failed(SLOW, NOW)
        rests.append((webhook.rests_until or NOW) - NOW)

    assert [timedelta(0)] * (FAILS_AT_FULL_PACE - 1) == rests[: FAILS_AT_FULL_PACE - 1]
    assert sorted(rests) == rests
    assert SLOWEST_PACE == rests[-1]


def test_one_that_wants_to_be_left_alone_rests_until_then() -> None:
    webhook, _ = HOOK.failed(EndpointAnswered(429), NOW, wish=NOW + HOUR)

    assert webhook.is_resting(NOW + HOUR - timedelta(seconds=1))
    assert not webhook.is_resting(NOW + HOUR)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example",
        "ftp://hooks.example/",
        "https://",
        "https://user:secret@hooks.example/",
        "https://@hooks.example/",
        "https://hooks.example:25/",
        "https://hooks.example:port/",
        "https://hooks.example/a b",
        "https://hooks.example\\@inside/",
        "https://hööks.example/",
        "https://[::1/",
        "https://hooks.example/" + 2048 * "a",
    ],
)
def test_what_no_event_can_be_sent_to_is_no_webhook(url: str) -> None:
    with pytest.raises(InvalidValue):
        msgspec.structs.replace(HOOK, url=url)


@pytest.mark.parametrize("url", ["https://hooks.example", "https://hooks.example:8443/a?b=c", "http://10.0.0.7:8080/"])
def test_ports_for_programs_are_fine(url: str) -> None:
    assert url == msgspec.structs.replace(HOOK, url=url).url


def test_it_lists_events_that_there_are() -> None:
    for events in ((), ("booking.eaten",)):
        with pytest.raises(InvalidValue):
            msgspec.structs.replace(HOOK, events=events)
    msgspec.structs.replace(HOOK, events=WEBHOOK_EVENT_TYPES)


def test_the_secret_before_signs_until_it_ends() -> None:
    secrets = WebhookSecrets("new", "old")
    rotated = HOOK.has_new_secret(HOUR, NOW)

    assert ("new", "old") == secrets.at(NOW, rotated.secret_ends_at)
    assert ("new",) == secrets.at(NOW + HOUR, rotated.secret_ends_at)
    assert ("new",) == secrets.at(NOW, HOOK.has_new_secret(timedelta(0), NOW).secret_ends_at)
    assert "new" not in repr(secrets)

"""A security event is one line in the log, and one more in the metrics."""

from typing import get_args

import pytest
from structlog.testing import capture_logs

from domain.ids import HostId
from domain.origin import Origin
from domain.security_events import SecurityEvent, SignInFailed, TokenMade
from entrypoints.security_watch import SecurityWatch
from tests.support.builders import NOW

HOST = HostId("host-1")
HOME = Origin("203.0.113.7", "Firefox", "Windows")


def test_a_line_says_what_whose_and_where_from_and_nothing_that_people_typed() -> None:
    with capture_logs() as lines:
        SecurityWatch()(TokenMade(host_id=HOST, at=NOW, origin=HOME, name="My secret plans"))

    expected = {"event": "security", "what": "token-made", "account": "host-1", "network": "203.0.113.7"}
    assert [{**expected, "log_level": "info"}] == lines


def test_what_is_not_known_is_null() -> None:
    with capture_logs() as lines:
        SecurityWatch()(SignInFailed(host_id=None, at=NOW))

    assert [(None, None)] == [(line["account"], line["network"]) for line in lines]


def test_each_kind_of_event_is_counted_from_zero() -> None:
    watch = SecurityWatch()
    counts = watch.counts

    watch(SignInFailed(host_id=HOST, at=NOW))

    assert len(get_args(SecurityEvent)) == len(counts)
    assert {"failure": 1} == {what: count for what, count in counts.items() if count}


@pytest.mark.parametrize("what", ["sign-in", "failure", "lock", "reset", "password", "address", "export", "deletion"])
def test_the_names_of_the_contract_are_used(what: str) -> None:
    assert what in SecurityWatch().counts

"""What every reader of a provider's notifications has to keep: the fake, and Zoom's."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec
import pytest

from adapters.memory.notifications import MemoryNotifications
from adapters.sandbox.zoom.deauthorization import signed
from adapters.zoom.notifications import ZoomNotifications
from application.ports.notifications import (
    AddressCheck,
    AppRemoved,
    Forged,
    MalformedNotification,
    ProviderNotifications,
    SomethingElse,
)

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
REMOVAL = AppRemoved("our-app", "_rvAnnaH5Sx2rTplFO1PgA", "DaVHmHOWQcCf2juv51RGsg", NOW - timedelta(seconds=2))

Sent = tuple[bytes, dict[str, str]]


class World(Protocol):
    """A reader, and a provider that sends."""

    @property
    def reader(self) -> ProviderNotifications: ...

    @property
    def reader_without_secret(self) -> ProviderNotifications: ...

    def removal(self, removal: AppRemoved) -> Sent: ...

    def check(self) -> Sent: ...

    def other(self) -> Sent: ...

    def signs(self, body: bytes) -> Sent: ...


class MemoryWorld:
    reader = MemoryNotifications("our-app", "the secret")
    reader_without_secret = MemoryNotifications("our-app", None)

    def removal(self, removal: AppRemoved) -> Sent:
        return self.reader.removal(removal)

    def check(self) -> Sent:
        return self.reader.check("prove it")

    def other(self) -> Sent:
        return self.reader.other()

    def signs(self, body: bytes) -> Sent:
        return body, {"secret": "the secret"}


class ZoomWorld:
    reader = ZoomNotifications("our-app", ["the secret"], lambda: NOW)
    reader_without_secret = ZoomNotifications("our-app", [], lambda: NOW)

    def removal(self, removal: AppRemoved) -> Sent:
        payload = {
            "account_id": removal.account_id,
            "user_id": removal.user_id,
            "client_id": removal.client_id,
            "deauthorization_time": removal.removed_at.isoformat(),
        }
        return self._sends({"event": "app_deauthorized", "payload": payload})

    def check(self) -> Sent:
        return self._sends({"event": "endpoint.url_validation", "payload": {"plainToken": "prove-it"}})

    def other(self) -> Sent:
        return self._sends({"event": "meeting.started", "payload": {}})

    def signs(self, body: bytes) -> Sent:
        return body, signed(body, "the secret", NOW)

    def _sends(self, event: object) -> Sent:
        return self.signs(msgspec.json.encode(event))


@pytest.fixture(params=[MemoryWorld, ZoomWorld], ids=["memory", "zoom"])
def world(request: pytest.FixtureRequest) -> World:
    return request.param()


def test_a_removal_says_who_when_and_from_which_app(world: World) -> None:
    assert REMOVAL == world.reader.read(*world.removal(REMOVAL))


def test_a_removal_from_another_app_is_read_as_such(world: World) -> None:
    other = msgspec.structs.replace(REMOVAL, client_id="another-app")

    assert other == world.reader.read(*world.removal(other))


def test_a_check_of_the_address_is_answered(world: World) -> None:
    answer = world.reader.read(*world.check())

    assert isinstance(answer, AddressCheck)
    assert msgspec.json.decode(answer.answer)


def test_other_notifications_are_nothing_to_us(world: World) -> None:
    assert SomethingElse() == world.reader.read(*world.other())


@pytest.mark.parametrize("headers", [{}, {"secret": "guessed", "x-zm-signature": "v0=guessed"}])
def test_what_is_not_signed_is_forged(world: World, headers: dict[str, str]) -> None:
    body, _ = world.removal(REMOVAL)

    with pytest.raises(Forged):
        world.reader.read(body, headers)


def test_without_a_secret_everything_is_forged(world: World) -> None:
    with pytest.raises(Forged):
        world.reader_without_secret.read(*world.removal(REMOVAL))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"event":7}', b"<xml/>"])
def test_what_is_signed_and_makes_no_sense_is_malformed(world: World, body: bytes) -> None:
    with pytest.raises(MalformedNotification):
        world.reader.read(*world.signs(body))


def test_what_is_forged_is_not_even_read(world: World) -> None:
    with pytest.raises(Forged):
        world.reader.read(b"{", {})

"""Which of the notifications that come in Zoom's name are believed, and which challenges are answered."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
import pytest

from adapters.sandbox.zoom.deauthorization import signed
from adapters.zoom.notifications import ZoomNotifications
from application.ports.notifications import AddressCheck, AppRemoved, Forged, MalformedNotification

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
AT = datetime(2026, 11, 22, 14, 29, 58, 123000, tzinfo=UTC)
SECRET = "tuna-secret"
PAYLOAD: dict[str, object] = {
    "user_data_retention": "false",
    "account_id": "DaVHmHOWQcCf2juv51RGsg",
    "user_id": "_rvAnnaH5Sx2rTplFO1PgA",
    "signature": "827edc3452044f0bc86bdd5684afb7d1e6becfa1a767f24df1b287853cf73000",
    "deauthorization_time": "2026-11-22T14:29:58.123Z",
    "client_id": "our-app",
}
A_REMOVAL = {"event": "app_deauthorized", "event_ts": 1795357799500, "payload": PAYLOAD}
# As `openssl dgst -sha256 -hmac tuna-secret` has it, so that our own code isn't measured by itself.
CHALLENGE = (
    b'{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event_ts":1654503849680,"event":"endpoint.url_validation"}'
)
ITS_SIGNATURE = "v0=e7a9364c4583a5b8bdb8b68add2e26cfa4ebfaffb9ccf805e372fdda8d7880ec"
ITS_PROOF = "fe1a98d37724fcd758dcff131c29c2527d754a50dab72c9aec38e04d1eb007a8"


def reader(*secrets: str, now: datetime = NOW) -> ZoomNotifications:
    return ZoomNotifications("our-app", secrets or (SECRET,), lambda: now)


def reads(event: object) -> object:
    body = msgspec.json.encode(event)
    return reader().read(body, signed(body, SECRET, NOW))


def removal(**changes: object) -> dict[str, object]:
    payload = {**PAYLOAD, **changes}
    return {**A_REMOVAL, "payload": {name: value for name, value in payload.items() if value is not None}}


def test_a_challenge_is_proved_as_openssl_does() -> None:
    headers = {"x-zm-request-timestamp": "1795357800", "x-zm-signature": ITS_SIGNATURE}

    answer = reader().read(CHALLENGE, headers)

    assert isinstance(answer, AddressCheck)
    assert {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": ITS_PROOF} == msgspec.json.decode(answer.answer)


@pytest.mark.parametrize("secrets", [(SECRET, "other"), ("other", SECRET)])
def test_any_of_the_secrets_may_sign_and_the_proof_is_made_with_that_one(secrets: tuple[str, str]) -> None:
    headers = {"x-zm-request-timestamp": "1795357800", "x-zm-signature": ITS_SIGNATURE}

    answer = reader(*secrets).read(CHALLENGE, headers)

    assert isinstance(answer, AddressCheck)
    assert ITS_PROOF.encode() in answer.answer


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_five_minutes_of_skew_are_fine(seconds: int) -> None:
    body = msgspec.json.encode(A_REMOVAL)

    assert reader(now=NOW + timedelta(seconds=seconds)).read(body, signed(body, SECRET, NOW))


@pytest.mark.parametrize("seconds", [-86_400, -301, 301, 86_400])
def test_more_than_that_is_stale(seconds: int) -> None:
    body = msgspec.json.encode(A_REMOVAL)

    with pytest.raises(Forged):
        reader(now=NOW + timedelta(seconds=seconds)).read(body, signed(body, SECRET, NOW))


@pytest.mark.parametrize(
    "timestamp", ["", "soon", "1795357800.0", "-1795357800", " 1795357800", "١٧٩٥٣٥٧٨٠٠", "9" * 99]
)
def test_a_timestamp_has_to_be_one(timestamp: str) -> None:
    headers = {"x-zm-request-timestamp": timestamp, "x-zm-signature": ITS_SIGNATURE}

    with pytest.raises(Forged):
        reader().read(CHALLENGE, headers)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "v0=",
        ITS_SIGNATURE.removeprefix("v0="),
        ITS_SIGNATURE.upper(),
        ITS_SIGNATURE[:-1],
        "v0=ünïcödé",
        "v0=\udcff",
    ],
)
def test_a_signature_has_to_be_right_to_the_last_character(signature: str) -> None:
    headers = {"x-zm-request-timestamp": "1795357800", "x-zm-signature": signature}

    with pytest.raises(Forged):
        reader().read(CHALLENGE, headers)


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    body = msgspec.json.encode(A_REMOVAL)
    headers = signed(body, SECRET, NOW)

    with pytest.raises(Forged):
        reader().read(msgspec.json.format(body), headers)


def test_the_signature_covers_the_timestamp() -> None:
    headers = {"x-zm-request-timestamp": "1795357801", "x-zm-signature": ITS_SIGNATURE}

    with pytest.raises(Forged):
        reader().read(CHALLENGE, headers)


def test_the_reason_repeats_nothing_of_what_was_sent() -> None:
    headers = {"x-zm-request-timestamp": "1795357800", "x-zm-signature": "v0=shown"}

    with pytest.raises(Forged) as forged:
        reader().read(CHALLENGE, headers)

    assert "shown" not in forged.value.reason


@pytest.mark.parametrize(
    "plain", ["", "v0:1795357800:{}", "a" * 257, "with space", "ünïcödé", "line\nfeed", "trailing\n", "a/b", "a.b"]
)
def test_nothing_is_signed_that_could_be_a_notification(plain: str) -> None:
    with pytest.raises(MalformedNotification):
        reads({"event": "endpoint.url_validation", "payload": {"plainToken": plain}})


def test_a_challenge_of_full_length_is_proved() -> None:
    plain = "aZ09_-" * 42 + "abcd"
    answer = reads({"event": "endpoint.url_validation", "payload": {"plainToken": plain}})

    assert isinstance(answer, AddressCheck)
    proof = hmac.new(SECRET.encode(), plain.encode(), sha256).hexdigest()
    assert {"plainToken": plain, "encryptedToken": proof} == msgspec.json.decode(answer.answer)


def test_an_unsigned_challenge_gets_no_proof() -> None:
    with pytest.raises(Forged):
        reader().read(CHALLENGE, {"x-zm-request-timestamp": "1795357800"})


@pytest.mark.parametrize(
    ("event", "at"),
    [
        (A_REMOVAL, AT),
        (removal(deauthorization_time="2026-11-22T20:14:58.123+05:45"), AT),
        (removal(deauthorization_time=None), datetime(2026, 11, 22, 14, 29, 59, 500000, tzinfo=UTC)),
        (removal(user_data_retention=None, signature=None), AT),
    ],
    ids=["as seen", "another offset", "only event_ts", "without what may be missing"],
)
def test_a_removal_is_read_in_every_form_that_was_seen(event: object, at: datetime) -> None:
    assert AppRemoved("our-app", "_rvAnnaH5Sx2rTplFO1PgA", "DaVHmHOWQcCf2juv51RGsg", at) == reads(event)


@pytest.mark.parametrize(
    "event",
    [
        {"event": "app_deauthorized"},
        {"event": "app_deauthorized", "payload": None},
        removal(user_id=None),
        removal(account_id=None),
        removal(client_id=None),
        removal(user_id=""),
        removal(user_id="a\nb"),
        removal(user_id=7),
        removal(deauthorization_time="yesterday"),
        removal(deauthorization_time="2026-11-22T14:29:58"),
        {**removal(deauthorization_time=None), "event_ts": None},
        {**removal(deauthorization_time=None), "event_ts": 10**20},
    ],
)
def test_a_removal_that_lacks_something_is_malformed(event: object) -> None:
    with pytest.raises(MalformedNotification):
        reads(event)

"""What a stranger sends in place of an answer, and where browsers make passkeys at all."""

import json
from contextlib import suppress
from typing import Any

import pytest
from fido2.utils import websafe_decode, websafe_encode
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.webauthn.origin import passkeys_origin
from adapters.webauthn.relying_party import Fido2RelyingParty
from application.ports.passkeys import NewCredential, NotAccepted
from domain.ids import PasskeyId
from domain.passkey import Passkey
from tests.support.authenticator import Authenticator
from tests.support.builders import NOW, a_host

ORIGIN, DOMAIN, CHALLENGE = "https://timetuna.example", "timetuna.example", "a challenge of enough bytes"
HOST = a_host()
PARTY = Fido2RelyingParty(ORIGIN)
AUTHENTICATOR = Authenticator(ORIGIN, DOMAIN, user=HOST.id.encode())
MADE = AUTHENTICATOR.makes(PARTY.options_to_add(HOST, CHALLENGE, []))
SIGNED = AUTHENTICATOR.signs(PARTY.options_to_sign(CHALLENGE))


def kept(made: NewCredential) -> Passkey:
    return Passkey(PasskeyId("1"), HOST.id, made.credential_id, made.public_key, made.sign_count, "Phone", NOW)


PASSKEY = kept(PARTY.added(MADE, CHALLENGE))


def damaged(answer: str, member: str, place: int, byte: int, cut: int) -> str:
    read: Any = json.loads(answer)
    plain = bytearray(websafe_decode(read["response"][member]))
    plain[place % len(plain)] = byte
    read["response"][member] = websafe_encode(bytes(plain[: len(plain) - cut % len(plain)]))
    return json.dumps(read)


DAMAGE = st.tuples(st.integers(0, 500), st.integers(0, 255), st.just(0) | st.integers(0, 500))


@settings(max_examples=300)
@given(st.sampled_from(["clientDataJSON", "attestationObject"]), DAMAGE)
def test_a_damaged_new_credential_is_not_accepted_or_still_signs(member: str, damage: tuple[int, int, int]) -> None:
    try:
        made = PARTY.added(damaged(MADE, member, *damage), CHALLENGE)
    except NotAccepted:
        return
    assert made.credential_id == AUTHENTICATOR.credential_id


@settings(max_examples=300)
@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]), DAMAGE)
def test_a_damaged_signature_is_not_accepted(member: str, damage: tuple[int, int, int]) -> None:
    answer = damaged(SIGNED, member, *damage)
    try:
        PARTY.signed(answer, CHALLENGE, PASSKEY)
    except NotAccepted:
        return
    assert json.loads(SIGNED) == json.loads(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.sampled_from(["rawId", "id", "type", "response"]), st.sampled_from([MADE, SIGNED]))
def test_no_json_is_more_than_refused(anything: Any, member: str, answer: str) -> None:
    bent = json.dumps({**json.loads(answer), member: anything})
    with suppress(NotAccepted):
        PARTY.claim(bent)
    with suppress(NotAccepted):
        PARTY.added(bent, CHALLENGE)
    with suppress(NotAccepted):
        PARTY.signed(bent, CHALLENGE, PASSKEY)


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://timetuna.example", "https://timetuna.example"),
        ("https://timetuna.example:8443/tuna", "https://timetuna.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://timetuna.example", None),
        ("http://127.0.0.1:8000", None),
        ("https://203.0.113.7", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_browsers_make_passkeys_for_a_domain_over_https_or_on_this_machine(public_url: str, origin: str | None) -> None:
    assert origin == passkeys_origin(public_url)

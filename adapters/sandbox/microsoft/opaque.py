"""Opaque codes, tokens and ids in Microsoft's format."""

from base64 import b64encode
from secrets import token_bytes
from string import ascii_letters, digits
from typing import Final
from urllib.parse import quote

import msgspec

from adapters.sandbox.opaque import base64url, drawn

_MEETING_ID_DIGITS: Final = 12


def authorization_code() -> str:
    return f"1.AX{base64url(token_bytes(300))}"


def access_token() -> str:
    head = {"typ": "JWT", "nonce": base64url(token_bytes(32)), "alg": "RS256"}
    return f"{base64url(msgspec.json.encode(head))}.{base64url(token_bytes(600))}.{base64url(token_bytes(256))}"


def refresh_token() -> str:
    return f"1.AX{base64url(token_bytes(600))}"


def thread_id() -> str:
    thread = drawn(ascii_letters + digits, 48)
    return f"19:meeting_{thread}@thread.v2"


def meeting_id(user_id: str, thread: str) -> str:
    return b64encode(f"1*{user_id}*0**{thread}".encode()).decode()


def join_url(thread: str, tenant_id: str, user_id: str) -> str:
    context = quote(msgspec.json.encode({"Tid": tenant_id, "Oid": user_id}).decode())
    return f"https://teams.microsoft.com/l/meetup-join/{quote(thread, safe='')}/0?context={context}"


def join_meeting_id() -> str:
    return drawn(digits, _MEETING_ID_DIGITS)


def passcode() -> str:
    return drawn(ascii_letters + digits, 6)


def calendar_id() -> str:
    return f"AAMkAG{base64url(token_bytes(60))}="


def event_id() -> str:
    return f"AAMkAG{base64url(token_bytes(66))}="


def immutable_event_id() -> str:
    return f"AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A{base64url(token_bytes(24))}AA="


def validation_token() -> str:
    """Graph's is a sentence with spaces and signs, so that it has to be decoded before it is sent back."""
    nonce = base64url(token_bytes(16))
    return f"Validation: Testing client application reachability for subscription Request-Id: {nonce} + 100%"

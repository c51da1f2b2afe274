"""Runs the code that people copy from the page of webhooks."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.http.web.webhook_snippets import snippets
from adapters.webhooks.signature import signed_headers
from domain.ids import WebhookEventId

SECRET, OLD = (f"whsec_{b64encode(32 * each).decode()}" for each in (b"s", b"o"))

RIGHT = [True, False, False]
"""What code has to make of an event with two signatures, of one that is years old, and of one that was changed."""


def verdicts(language: str, command: Sequence[str], ask: str) -> list[bool]:
    """What the copied code says.

    Args:
        command: runs a program that is its last argument.
        ask: goes behind the code: reads JSON of `[[secret, headers, body], …]` and prints what `verify` says to each.
    """
    body, now = '{"name":"Zoë"}'.encode(), datetime.now(UTC)
    real = signed_headers(WebhookEventId("evt_1"), now, body, [OLD, SECRET])
    stale = signed_headers(WebhookEventId("evt_1"), datetime(2020, 1, 1, tzinfo=UTC), body, [SECRET])
    cases = [(real, body.decode()), (stale, body.decode()), (real, '{"name":"Zoe"}')]
    told = json.dumps([[SECRET, headers, text] for headers, text in cases])
    [code] = [each.text for each in snippets() if each.key == language]
    ended = subprocess.run(
        [*command, f"{code}\n\n{ask}"], input=told.encode(), capture_output=True, check=False, timeout=60
    )
    assert not ended.stderr, ended.stderr
    return json.loads(ended.stdout)

"""Answers about calendars as they should not be."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec

from adapters.sandbox.asgi import Reply


def emptied(answer: Reply, *names: str) -> Reply:
    """Set properties of the events in an answer to null."""
    return _each(answer, lambda event: {**event, **{name: None for name in names if name in event}})


def in_no_zone(answer: Reply, name: str) -> Reply:
    """Write the times of the events in an answer in a zone of this name, which says nothing."""

    def changed(event: dict[str, Any]) -> dict[str, Any]:
        times = {part: {**event[part], "timeZone": name} for part in ("start", "end") if event.get(part)}
        return {**event, **times, "originalStartTimeZone": name, "originalEndTimeZone": name}

    return _each(answer, changed)


def leading_on(answer: Reply, link: str) -> Reply:
    """Say that there is another page."""
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    return msgspec.structs.replace(answer, body=msgspec.json.encode({**body, "@odata.nextLink": link}))


def _each(answer: Reply, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Reply:
    if answer.status != HTTPStatus.OK:
        return answer
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    changed = {**body, "value": [change(event) for event in body["value"]]}
    return msgspec.structs.replace(answer, body=msgspec.json.encode(changed))

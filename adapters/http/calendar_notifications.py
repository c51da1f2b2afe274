"""Receives what providers tell about calendars that we watch."""

from typing import Any

import structlog
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.app import App
from application.ports.notifications import AddressCheck, MalformedNotification
from domain.calendar import CalendarKind
from domain.errors import NotFound

LARGEST_NOTIFICATION = 262_144
"""Microsoft's are about many calendars at once, by less than a kilobyte each."""

_KINDS: dict[str, CalendarKind] = {"google": "google", "microsoft": "microsoft"}

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("timetuna.notifications")


@post(
    "/integrations/{name:str}/calendar/notifications",
    request_max_body_size=LARGEST_NOTIFICATION,
    include_in_schema=False,
)
async def calendar_notifications(
    request: Request[Any, Any, Any], app: NamedDependency[App], name: FromPath[str]
) -> Response[bytes]:
    """Owe a reading and answer.

    A secret of nobody's is answered like one of ours: watches that we have ended go on for a while, and a provider
    that is refused too often stops telling us anything.
    """
    kind = _KINDS.get(name)
    if kind is None:
        raise NotFound("provider")
    query = {key: value for key, value in request.query_params.items() if isinstance(value, str)}
    body = await request.body()
    try:
        received = await app.receive_calendar_notices(kind, query, dict(request.headers), body)
    except MalformedNotification:
        _log.debug("calendar_notification_not_understood", kind=kind)
        return Response(b"", status_code=400, media_type="text/plain")
    if isinstance(received, AddressCheck):
        return Response(received.answer, status_code=200, media_type="text/plain")
    _log.debug("calendar_notices", kind=kind, known=received)
    return Response(b"", status_code=202, media_type="text/plain")

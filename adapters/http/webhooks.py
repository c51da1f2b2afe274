"""Receives notifications from providers."""

from hashlib import sha256
from typing import Any

import structlog
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.app import App
from application.connections.deauthorize import Cleared
from application.connections.receive_notification import NotificationsNotSetUp
from application.ports.notifications import AddressCheck, Forged, MalformedNotification, SomethingElse
from domain.errors import NotFound
from domain.provider import provider_named

LARGEST_NOTIFICATION = 65_536
"""Zoom's are below two kilobytes."""

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger("timetuna.notifications")


@post(
    "/integrations/{name:str}/deauthorized",
    status_code=200,
    request_max_body_size=LARGEST_NOTIFICATION,
    include_in_schema=False,
)
async def deauthorized(
    request: Request[Any, Any, Any], app: NamedDependency[App], name: FromPath[str]
) -> Response[bytes]:
    """Verify, commit, answer: Zoom repeats what we answer with 5xx, and nothing that we answer with 4xx."""
    provider = provider_named(name)
    if provider is None:
        raise NotFound("provider")
    body = await request.body()
    # The digest lets an operator compare what arrived with what the provider says it sent, and gives nothing away.
    log = _log.bind(provider=provider, body_sha256=sha256(body).hexdigest())
    try:
        outcome = await app.receive_notification(provider, dict(request.headers), body)
    except NotificationsNotSetUp:
        reason = "the provider is not set up on this server"
        log.error("notification_refused", reason=reason)  # noqa: TRY400 - where it was found out tells nobody anything
        return _empty(401)
    except Forged as forged:
        log.warning("notification_refused", reason=forged.reason)
        return _empty(401)
    except MalformedNotification as malformed:
        log.warning("notification_not_understood", reason=str(malformed))
        return _empty(400)
    match outcome:
        case AddressCheck(answer):
            log.info("address_check_answered")
            return Response(answer, media_type="application/json")
        case Cleared(heard, hosts, later):
            log.info("app_removed", outcome=heard.value, hosts=hosts, some_follow=later)
        case SomethingElse():
            log.info("notification_ignored", reason="there is no use for this kind")
    return _empty(200)


def _empty(status: int) -> Response[bytes]:
    return Response(b"", status_code=status, media_type="text/plain")

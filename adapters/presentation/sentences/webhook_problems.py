"""Sentences about endpoints that didn't take an event, for the host who can act on it."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from domain.webhook_problem import (
    EndpointAnswered,
    EndpointNotAllowed,
    EndpointTooSlow,
    EndpointUnreachable,
    EndpointUntrusted,
    GuestWasErased,
    SecretLost,
    WebhookProblem,
    WebhookWasPaused,
)


def webhook_problem(problem: WebhookProblem) -> str:
    match problem:
        case EndpointAnswered(410):
            return _("It answered 410: your program no longer wants events.")
        case EndpointAnswered(301 | 302 | 303 | 307 | 308 as status):
            return _("It answered {status}, a redirect, which we don’t follow. Enter the new address.").format(
                status=status
            )
        case EndpointAnswered(401 | 403 as status):
            return _("It answered {status}: your server doesn’t let us in.").format(status=status)
        case EndpointAnswered(404):
            return _("It answered 404: there is nothing at this address.")
        case EndpointAnswered(429):
            return _("It answered 429: your server wants fewer requests.")
        case EndpointAnswered(status):
            return _("It answered {status}. Only 2xx counts as taken.").format(status=status)
        case EndpointTooSlow():
            return _("It didn’t answer within 15 seconds. Answer first, and do the work afterwards.")
        case EndpointUnreachable():
            return _("We couldn’t reach it. Check the address, and that your server is running.")
        case EndpointUntrusted():
            return _("Its certificate isn’t valid. Renew it, or send the whole chain.")
        case EndpointNotAllowed():
            return _(
                "The address leads into a private network or isn’t secured by https. Use a public https address, or "
                "ask your administrator to allow the network."
            )
        case SecretLost():
            return _("This server can no longer open the signing secret. Make a new one.")
        case GuestWasErased():
            return _("The guest’s details were erased, so this event isn’t sent anymore.")
        case WebhookWasPaused():
            return _("The webhook was paused before this event was taken.")
        case _:
            assert_never(problem)


def distrust() -> str:
    """Why nothing is sent to a webhook of an account that somebody else may have been in."""
    return _(
        "Paused to keep your guests’ details safe: someone else could have added or changed it. If its address "
        "is yours, make a new secret and resume it. If not, remove it."
    )


def attempt_error(problem: WebhookProblem) -> str:
    """The same in a few words, beside the status."""
    match problem:
        case EndpointAnswered(status):
            return _("answered {status}").format(status=status)
        case EndpointTooSlow():
            return _("no answer within 15 seconds")
        case EndpointUnreachable():
            return _("couldn’t be reached")
        case EndpointUntrusted():
            return _("invalid certificate")
        case EndpointNotAllowed():
            return _("private network, or no https")
        case SecretLost():
            return _("signing secret lost")
        case GuestWasErased():
            return _("guest’s details erased")
        case WebhookWasPaused():
            return _("webhook paused")
        case _:
            assert_never(problem)

"""Problems of a webhook's endpoint: facts without words for people."""

import re

import msgspec


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _Problem(msgspec.Struct, frozen=True, tag_field="type", tag=_tag):
    pass


class EndpointAnswered(_Problem, frozen=True):
    """The endpoint answered with a status other than 2xx; a redirect isn't followed."""

    status: int


class EndpointTooSlow(_Problem, frozen=True):
    """No answer came in time."""


class EndpointUnreachable(_Problem, frozen=True):
    """The name leads nowhere, nobody answers there, or the connection broke."""


class EndpointUntrusted(_Problem, frozen=True):
    """The server's certificate isn't valid for the name."""


class EndpointNotAllowed(_Problem, frozen=True):
    """The address leads into a private network, or isn't secured by https."""


class SecretLost(_Problem, frozen=True):
    """The key that seals the webhook's secret is gone from this server; a new secret is needed."""


class GuestWasErased(_Problem, frozen=True):
    """The guest's details were erased before the event was taken; it isn't sent with other content."""


class WebhookWasPaused(_Problem, frozen=True):
    """The webhook was paused while the event waited."""


WebhookProblem = (
    EndpointAnswered
    | EndpointTooSlow
    | EndpointUnreachable
    | EndpointUntrusted
    | EndpointNotAllowed
    | SecretLost
    | GuestWasErased
    | WebhookWasPaused
)


def result_of(problem: WebhookProblem | None) -> str:
    """What an attempt came to, in a name for programs."""
    return "delivered" if problem is None else str(problem.__struct_config__.tag)

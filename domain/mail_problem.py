"""Problems of handing a mail to the mail server: facts without words for people."""

import re

import msgspec


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _MailProblem(msgspec.Struct, frozen=True, tag_field="type", tag=_tag):
    pass


class ServerAnswered(_MailProblem, frozen=True):
    """The server's reply; `text` is its own, on one line."""

    code: int
    text: str


class MailServerTimedOut(_MailProblem, frozen=True):
    """The server took too long."""


class ConnectionFailed(_MailProblem, frozen=True):
    """The server wasn't reached, or the connection broke."""


class UnsafeConnection(_MailProblem, frozen=True):
    """TLS failed: the certificate isn't trusted, or the server doesn't speak it."""


class ExtensionMissing(_MailProblem, frozen=True):
    """The server doesn't offer what the settings ask for, such as STARTTLS or AUTH."""


class UndeliverableAddress(_MailProblem, frozen=True):
    """No mail can be addressed to what is stored; no server was asked."""


class MailsStopped(_MailProblem, frozen=True):
    """Whoever reads mail at the address wants none from this installation; no server was asked."""


class MailedTooOften(_MailProblem, frozen=True):
    """The address has had as many mails as its budget holds, and there is no time left to wait; no server was asked."""


class TooManyGuestsMailed(_MailProblem, frozen=True):
    """The host has had as many guests mailed as a day allows, and there is no time to wait; no server was asked."""


MailProblem = (
    ServerAnswered
    | MailServerTimedOut
    | ConnectionFailed
    | UnsafeConnection
    | ExtensionMissing
    | UndeliverableAddress
    | MailsStopped
    | MailedTooOften
    | TooManyGuestsMailed
)


def without_words(problem: MailProblem) -> MailProblem:
    """The same without the server's own text, in which it may repeat an address."""
    return msgspec.structs.replace(problem, text="") if isinstance(problem, ServerAnswered) else problem

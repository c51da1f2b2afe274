"""Sentences about mails that weren't accepted."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from domain.mail_problem import (
    ConnectionFailed,
    ExtensionMissing,
    MailedTooOften,
    MailProblem,
    MailServerTimedOut,
    MailsStopped,
    ServerAnswered,
    TooManyGuestsMailed,
    UndeliverableAddress,
    UnsafeConnection,
)


def mail_problem_words(problem: MailProblem) -> str:
    """What happened; the server's own text stays as it came."""
    match problem:
        case ServerAnswered(code=code, text=text):
            return _("The mail server answered: {answer}").format(answer=f"{code} {text}".rstrip())
        case MailServerTimedOut():
            return _("The mail server didn’t answer in time.")
        case ConnectionFailed():
            return _("The connection to the mail server failed.")
        case UnsafeConnection():
            return _("There is no safe connection to the mail server.")
        case ExtensionMissing():
            return _("The mail server doesn’t offer what its settings ask for.")
        case UndeliverableAddress():
            return _("The email address can’t receive email.")
        case MailsStopped():
            return _("The reader has stopped all emails from this server.")
        case MailedTooOften():
            return _("The address had already got as many emails as this server sends to one.")
        case TooManyGuestsMailed():
            return _("The host’s bookings had already sent as many first emails as this server allows in a day.")
        case _:
            assert_never(problem)

"""Why a mail wasn't accepted, as the timeline says it."""

from typing import get_args

import pytest

from adapters.presentation.sentences.mail_problems import mail_problem_words
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

PROBLEMS: dict[MailProblem, str] = {
    ServerAnswered(550, "5.1.1 No such user"): "The mail server answered: 550 5.1.1 No such user",
    ServerAnswered(421, ""): "The mail server answered: 421",
    MailServerTimedOut(): "The mail server didn’t answer in time.",
    ConnectionFailed(): "The connection to the mail server failed.",
    UnsafeConnection(): "There is no safe connection to the mail server.",
    ExtensionMissing(): "The mail server doesn’t offer what its settings ask for.",
    UndeliverableAddress(): "The email address can’t receive email.",
    MailsStopped(): "The reader has stopped all emails from this server.",
    MailedTooOften(): "The address had already got as many emails as this server sends to one.",
    TooManyGuestsMailed(): (
        "The host’s bookings had already sent as many first emails as this server allows in a day."
    ),
}


@pytest.mark.parametrize(("problem", "words"), PROBLEMS.items(), ids=repr)
def test_each_problem_has_a_sentence(problem: MailProblem, words: str) -> None:
    assert words == mail_problem_words(problem)


def test_no_problem_is_left_out() -> None:
    assert set(get_args(MailProblem)) == {type(each) for each in PROBLEMS}

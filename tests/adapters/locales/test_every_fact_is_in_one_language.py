"""Each fact that has a sentence is told in the language of its reader: a new one is met here without being named."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.mail.wording import letter_of, letter_to_choose, letter_to_confirm
from adapters.presentation.language import speaking
from adapters.presentation.sentences import calendar_problems, provider_problems
from adapters.presentation.sentences.mail_problems import mail_problem_words
from adapters.presentation.sentences.obstacles import obstacle_words
from adapters.presentation.sentences.scopes import scope_words
from adapters.presentation.sentences.security_events import security_event_words
from adapters.presentation.sentences.webhook_problems import attempt_error, webhook_problem
from application.ports.mail import ConfirmationLink, ConfirmationMail, Notice, ProposalMail
from application.ports.notices import About
from domain.api_token import GrantedScope
from domain.calendar_problem import CalendarProblem
from domain.events import TimesProposed
from domain.ids import BookingId, GuestToken
from domain.mail_problem import MailProblem
from domain.meeting_type import Obstacle
from domain.provider_problem import ProviderProblem
from domain.security_events import SecurityEvent
from domain.webhook_problem import WebhookProblem
from tests.adapters.locales.mails import GREEK_HOST, english_in_letter, in_greek
from tests.support.builders import altered
from tests.support.every import every
from tests.support.mail_examples import BOOKED_AT, EARLIER_START, ORIGIN, booking_in
from tests.support.pseudo import PSEUDO, english_in

SENTENCES: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (CalendarProblem, calendar_problems.for_connecting),
    (CalendarProblem, calendar_problems.for_reading),
    (CalendarProblem, calendar_problems.for_writing),
    (GrantedScope, scope_words),
    (MailProblem, mail_problem_words),
    (Obstacle, obstacle_words),
    (ProviderProblem, provider_problems.for_host),
    (SecurityEvent, security_event_words),
    (WebhookProblem, attempt_error),
    (WebhookProblem, webhook_problem),
)


@pytest.mark.parametrize(("facts", "words"), SENTENCES)
def test_in_a_sentence(facts: Any, words: Callable[[Any], str]) -> None:
    with speaking(PSEUDO):
        told = {fact: words(fact) for fact in every(facts)}

    assert {} == {fact: left for fact, text in told.items() if (left := english_in(text))}


def test_in_a_mail_about_no_booking() -> None:
    for about in every(About):
        with speaking(PSEUDO):
            letter = letter_of(Notice("notice", BOOKED_AT, GREEK_HOST, about), ORIGIN)
        assert [] == english_in_letter(letter), about


def test_in_a_mail_that_asks_the_guest() -> None:
    booking = in_greek(booking_in("ready"))
    proposal = TimesProposed(booking_id=BookingId("b"), at=BOOKED_AT, starts=(EARLIER_START,), note="Ω")
    held = altered(booking, held_until=BOOKED_AT)
    link = ConfirmationLink(GuestToken("0"), "0")
    with speaking(PSEUDO):
        letters = (
            letter_to_confirm(ConfirmationMail(held, GREEK_HOST, link, BOOKED_AT, unsubscribe="0"), ORIGIN),
            letter_to_choose(ProposalMail(booking, GREEK_HOST, proposal, unsubscribe="0"), ORIGIN),
        )

    assert [[], []] == [english_in_letter(each) for each in letters]

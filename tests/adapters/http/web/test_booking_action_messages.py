"""What a host reads after a button."""

from adapters.http.web.bookings.action_messages import action_message
from domain.booking import Cancellation
from tests.support.builders import NOW, a_booking, a_host, a_page, altered

CONFIRMED = a_booking(a_page(a_host()))
CANCELLED = altered(CONFIRMED, cancellation=Cancellation("host", NOW))


def test_a_cancellation_is_mailed_to_whoever_was_mailed_before() -> None:
    told = action_message("cancelled", altered(CANCELLED, announced=True), is_open=False)

    assert told
    assert "We’ve emailed Ana Brito" in told.text


def test_a_cancellation_before_the_first_mail_promises_none() -> None:
    told = action_message("cancelled", CANCELLED, is_open=False)

    assert told
    assert "emailed" not in told.text
    assert "hadn’t sent an email" in told.text


def test_a_button_that_came_too_late_says_that_nothing_was_changed() -> None:
    cancelled, over = (
        action_message("resent", CANCELLED, is_open=False),
        action_message("resent", CONFIRMED, is_open=False),
    )

    assert cancelled
    assert over
    assert ("alert", "Nothing was changed for this booking: it is cancelled.") == (cancelled.role, cancelled.text)
    assert ("alert", "Nothing was changed for this booking: it is over.") == (over.role, over.text)


def test_a_code_in_the_address_says_nothing_that_the_booking_does_not_bear_out() -> None:
    assert action_message("linked", CONFIRMED, is_open=True) is None
    assert action_message("moved", CONFIRMED, is_open=True) is None
    assert action_message("anything", CONFIRMED, is_open=True) is None

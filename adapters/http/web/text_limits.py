"""The lengths of fields in forms: the domain's limits, under the names that templates have for them."""

from dataclasses import dataclass

from application.ports.booking_views import LONGEST_SEARCH
from application.support.ask_support import LONGEST_ADDRESS, LONGEST_MESSAGE
from domain.additional_guest import MOST_ADDITIONAL_GUESTS
from domain.api_token import LONGEST_TOKEN_NAME
from domain.booking import LONGEST_REASON
from domain.booking_page import (
    LENGTH_OF_COLOR,
    LONGEST_ANSWER,
    LONGEST_CHOICE,
    LONGEST_DESCRIPTION,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST_CHOICES,
)
from domain.caldav_account import LONGEST_USER_NAME
from domain.calendar import LONGEST_CALENDAR_ADDRESS, LONGEST_CALENDAR_NAME
from domain.host import LONGEST_SLUG
from domain.join_link import LONGEST_JOIN_LINK
from domain.meeting_type import LONGEST_PHONE_NUMBER, LONGEST_PLACE
from domain.passkey import LONGEST_PASSKEY_NAME
from domain.password import SHORTEST_PASSWORD
from domain.person import LONGEST_EMAIL, LONGEST_NAME
from domain.proposals import LONGEST_NOTE
from domain.schedule import LONGEST_SCHEDULE_NAME
from domain.tracking import LONGEST_PARAMETER
from domain.webhook import LONGEST_WEBHOOK_URL


@dataclass(frozen=True)
class TextLimits:
    """The most characters of each kind of text, the most additional guests, and the fewest characters of a password."""

    additional_guests: int = MOST_ADDITIONAL_GUESTS
    answer: int = LONGEST_ANSWER
    calendar_address: int = LONGEST_CALENDAR_ADDRESS
    calendar_name: int = LONGEST_CALENDAR_NAME
    calendar_user_name: int = LONGEST_USER_NAME
    campaign: int = LONGEST_PARAMETER
    choices: int = MOST_CHOICES * (LONGEST_CHOICE + 1)
    color: int = LENGTH_OF_COLOR
    description: int = LONGEST_DESCRIPTION
    email: int = LONGEST_EMAIL
    join_link: int = LONGEST_JOIN_LINK
    message: int = LONGEST_MESSAGE
    name: int = LONGEST_NAME
    note: int = LONGEST_NOTE
    page_url: int = LONGEST_ADDRESS
    passkey_name: int = LONGEST_PASSKEY_NAME
    phone_number: int = LONGEST_PHONE_NUMBER
    place: int = LONGEST_PLACE
    question: int = LONGEST_QUESTION
    redirect_url: int = LONGEST_JOIN_LINK
    reason: int = LONGEST_REASON
    schedule_name: int = LONGEST_SCHEDULE_NAME
    search: int = LONGEST_SEARCH
    shortest_password: int = SHORTEST_PASSWORD
    slug: int = LONGEST_SLUG
    title: int = LONGEST_TITLE
    token_name: int = LONGEST_TOKEN_NAME
    typed_addresses: int = MOST_ADDITIONAL_GUESTS * (LONGEST_NAME + LONGEST_EMAIL)
    webhook_url: int = LONGEST_WEBHOOK_URL


TEXT_LIMITS = TextLimits()

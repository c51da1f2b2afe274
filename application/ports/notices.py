"""Notices to hosts that are no booking mails: facts, for which the adapter finds words, a button and a path."""

from datetime import datetime

import msgspec

from domain.calendar_problem import CalendarProblem
from domain.connection import Blocked, NeedsReconnect
from domain.ids import BookingId, WebhookId
from domain.meeting_type import MeetingTypeName, Obstacle
from domain.provider import Provider
from domain.slot import Slot
from domain.webhook import PauseReason
from domain.webhook_problem import WebhookProblem


class ConfirmSignUp(msgspec.Struct, frozen=True, tag_field="notice", tag="confirm_sign_up"):
    """Somebody signed up with the reader's address; `token` confirms it, once."""

    token: str


class ConfirmNewAddress(msgspec.Struct, frozen=True, tag_field="notice", tag="confirm_new_address"):
    """An account is to use the reader's address; `token` confirms it, once."""

    token: str


class AddressWanted(msgspec.Struct, frozen=True, tag_field="notice", tag="address_wanted"):
    """Another account was to use the address of the reader's own."""


class AlreadySignedUp(msgspec.Struct, frozen=True, tag_field="notice", tag="already_signed_up"):
    """Somebody tried to sign up with the address of the reader's account."""


class ResetPasswordLink(msgspec.Struct, frozen=True, tag_field="notice", tag="reset_password"):
    """`token` lets whoever has it set a new password, once."""

    token: str


class PasswordChangedNotice(msgspec.Struct, frozen=True, tag_field="notice", tag="password_changed"):
    pass


class ApiTokenMade(msgspec.Struct, frozen=True, tag_field="notice", tag="api_token_made"):
    """Without the token's name: whoever made it may not be the reader."""


class ApiTokenExpires(msgspec.Struct, frozen=True, tag_field="notice", tag="api_token_expires"):
    """Programs that use a token are going to stop working.

    Attributes:
        timezone: in which the day is told.
    """

    name: str
    expires_at: datetime
    timezone: str


class NewPasskey(msgspec.Struct, frozen=True, tag_field="notice", tag="passkey_added"):
    """Without the passkey's name: whoever added it may not be the reader."""


class PasskeyGone(msgspec.Struct, frozen=True, tag_field="notice", tag="passkey_removed"):
    """Nobody signs in with it any more."""


class EmailChangeAsked(msgspec.Struct, frozen=True, tag_field="notice", tag="email_change_asked"):
    """The account is to use another address, which has yet to be confirmed."""


class EmailChanged(msgspec.Struct, frozen=True, tag_field="notice", tag="email_changed"):
    """The account uses the address `email` now."""

    email: str


class AccountDeletedNotice(msgspec.Struct, frozen=True, tag_field="notice", tag="account_deleted"):
    """The reader or the operator has asked for it; what is stored will be erased in a few minutes."""

    by_operator: bool = False


class ConnectionNeedsHost(msgspec.Struct, frozen=True, tag_field="notice", tag="connection_needs_host"):
    """No meetings can be made until the host acts."""

    provider: Provider
    state: NeedsReconnect | Blocked


class ConnectionRemoved(msgspec.Struct, frozen=True, tag_field="notice", tag="connection_removed"):
    """The host took TimeTuna off their account at the provider."""

    provider: Provider


class MeetingTypeStatus(msgspec.Struct, frozen=True):
    """A meeting type of a page, and what keeps it from being used."""

    meeting_type: MeetingTypeName
    obstacle: Obstacle | None


class GuestCouldNotBook(msgspec.Struct, frozen=True, tag_field="notice", tag="guest_could_not_book"):
    """A guest was turned away because none of the page's meeting types could be used; they are told as they are now."""

    page_title: str
    meeting_types: tuple[MeetingTypeStatus, ...]


class CalendarsUnread(msgspec.Struct, frozen=True, tag_field="notice", tag="calendars_unread"):
    """Calendars of one account can't be read.

    Attributes:
        names: of the calendars.
        account: what the host knows it by.
        since: when the first of them could no longer be read; told in `timezone`.
        problems: why, each once.
        reconnecting_helps: only the host can mend it, by connecting the account again.
        closing: titles of the pages that offer no times from `closes_at` on, or offer none already where that is None.
        trusting: titles of the pages that go on with what was read last.
    """

    names: tuple[str, ...]
    account: str
    since: datetime
    timezone: str
    problems: tuple[CalendarProblem, ...]
    reconnecting_helps: bool
    closing: tuple[str, ...] = ()
    closes_at: datetime | None = None
    trusting: tuple[str, ...] = ()


class OverlappedBooking(msgspec.Struct, frozen=True):
    """A booking, and the event that takes some of its time.

    Attributes:
        guest: empty where the details were erased.
        calendar: the name of the event's calendar; empty where it is gone meanwhile.
    """

    booking_id: BookingId
    title: str
    guest: str
    start: datetime
    calendar: str
    event: Slot


class BookingsOverlapped(msgspec.Struct, frozen=True, tag_field="notice", tag="bookings_overlapped"):
    """The host has events over bookings; times are told in `timezone`, and `more` bookings aren't listed."""

    listed: tuple[OverlappedBooking, ...]
    more: int
    timezone: str


class EntryChanged(msgspec.Struct, frozen=True, tag_field="notice", tag="entry_changed"):
    """The reader has deleted a booking's event in the calendar, or moved it, and is asked what that means.

    Attributes:
        moved_to: when it starts there; None where it was deleted.
        timezone: in which the times are told.
    """

    booking_id: BookingId
    title: str
    guest: str
    start: datetime
    moved_to: datetime | None
    timezone: str
    calendar: str


class EntriesChanged(msgspec.Struct, frozen=True, tag_field="notice", tag="entries_changed"):
    """The same of several at once."""

    bookings: int
    calendar: str


class EntryLeft(msgspec.Struct, frozen=True, tag_field="notice", tag="entry_left"):
    """A booking is cancelled, and its event can't be removed from the calendar.

    Attributes:
        guest: empty where the details were erased.
        timezone: in which the start is told.
        calendar: its name; empty where it is no longer connected.
    """

    booking_id: BookingId
    title: str
    guest: str
    start: datetime
    timezone: str
    calendar: str
    problem: CalendarProblem


class GuestHasLeft(msgspec.Struct, frozen=True, tag_field="notice", tag="guest_has_left"):
    """Somebody whom the guest brought along won't come; for the others nothing changes.

    Attributes:
        email: of who has left.
        guest: who comes still.
        timezone: in which the start is told.
    """

    booking_id: BookingId
    email: str
    title: str
    guest: str
    start: datetime
    timezone: str


class WebhookFailing(msgspec.Struct, frozen=True, tag_field="notice", tag="webhook_failing"):
    """A webhook has taken nothing since an instant, and is going to be paused.

    Attributes:
        host_name: of its address.
        timezone: in which the times are told.
    """

    webhook_id: WebhookId
    host_name: str
    since: datetime
    problem: WebhookProblem
    pauses_at: datetime
    timezone: str


class WebhookPaused(msgspec.Struct, frozen=True, tag_field="notice", tag="webhook_paused"):
    """Nothing is sent to a webhook any more until its host resumes it."""

    webhook_id: WebhookId
    host_name: str
    why: PauseReason
    problem: WebhookProblem
    timezone: str


class WebhooksDistrusted(msgspec.Struct, frozen=True, tag_field="notice", tag="webhooks_distrusted"):
    """Somebody else may have been in the account; webhooks are paused until the host says which are theirs.

    `host_names` are of their addresses.
    """

    host_names: tuple[str, ...]


About = (
    ConfirmSignUp
    | ConfirmNewAddress
    | AddressWanted
    | AlreadySignedUp
    | ResetPasswordLink
    | PasswordChangedNotice
    | ApiTokenMade
    | ApiTokenExpires
    | NewPasskey
    | PasskeyGone
    | EmailChangeAsked
    | EmailChanged
    | AccountDeletedNotice
    | ConnectionNeedsHost
    | ConnectionRemoved
    | GuestCouldNotBook
    | CalendarsUnread
    | BookingsOverlapped
    | EntryChanged
    | EntriesChanged
    | EntryLeft
    | GuestHasLeft
    | WebhookFailing
    | WebhookPaused
    | WebhooksDistrusted
)

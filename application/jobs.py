"""The jobs that run in the background; `application/effects.py` says what they are owed for.

A job is named by its tag and its key: enqueueing it twice is enqueueing it once. It carries ids, never what they stand
for, so that whoever runs it reads how things are by then.
"""

from datetime import datetime
from hashlib import sha256
from typing import Literal

import msgspec

from domain.events import Recipient
from domain.ids import (
    ApiTokenId,
    BookingId,
    CalendarConnectionId,
    CalendarId,
    HostId,
    PageId,
    SupportThreadId,
    WebhookId,
)
from domain.provider import Provider
from domain.webhook import Alarm


class BookingJob(msgspec.Struct, frozen=True, tag_field="job"):
    booking_id: BookingId

    @property
    def key(self) -> str:
        return self.booking_id


class CreateMeetingJob(BookingJob, frozen=True, tag="create_meeting"):
    """Create the meeting that a booking waits for."""


class StopWaitingJob(BookingJob, frozen=True, tag="stop_waiting"):
    """Let a booking's mails go out without the link."""


class RemindGuestJob(BookingJob, frozen=True, tag="remind_guest"):
    """Remind a guest of a booking at an instant; nothing happens where it is over or has moved.

    `place` is an additional guest's.
    """

    at: datetime
    place: int | None = None

    @property
    def key(self) -> str:
        of_guest = f"{self.booking_id}/{_second(self.at)}"
        return of_guest if self.place is None else f"{of_guest}/{self.place}"


class MailProposalJob(BookingJob, frozen=True, tag="mail_proposal"):
    """Mail a guest the times that the host proposed at an instant."""

    at: datetime

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.at.isoformat()}"


class AskToConfirmJob(BookingJob, frozen=True, tag="ask_to_confirm"):
    """Mail the guest of a held booking the link that confirms it."""


class ReleaseHoldJob(BookingJob, frozen=True, tag="release_hold"):
    """Forget a held booking that nobody has confirmed in time."""


class WriteEntryJob(BookingJob, frozen=True, tag="write_entry"):
    """Let the host's calendar hold what a booking's entry says by now."""


class MailBookingJob(BookingJob, frozen=True, tag="mail_booking"):
    """Bring one recipient up to a booking's current revision."""

    party: Recipient

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.party}"


class TellGuestLeftJob(BookingJob, frozen=True, tag="tell_guest_left"):
    """Mail a host that an additional guest won't come."""

    place: int

    @property
    def key(self) -> str:
        return f"{self.booking_id}/{self.place}"


class ConnectionJob(msgspec.Struct, frozen=True, tag_field="job"):
    host_id: HostId
    provider: Provider

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.provider}"


class RetryWaitingBookingsJob(ConnectionJob, frozen=True, tag="retry_waiting_bookings"):
    """Decide anew on a host's coming bookings without a link, now that the account was connected or is gone."""

    connected: bool


class KeepConnectionJob(ConnectionJob, frozen=True, tag="keep_connection"):
    """Refresh a connection that is idle."""


class TellConnectionJob(ConnectionJob, frozen=True, tag="tell_connection"):
    """Mail a host about a connection; `at` makes the mail's Message-ID, so that a repeat is the same mail."""

    what: Literal["trouble", "removed"]
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.what}/{self.provider}/{self.host_id}/{_second(self.at)}"


class DeauthorizeJob(msgspec.Struct, frozen=True, tag_field="job", tag="deauthorize"):
    """Clear the connections to an account that were held when the provider told of its removal."""

    provider: Provider
    user_id: str
    account_id: str
    removed_at: datetime

    @property
    def key(self) -> str:
        # Nobody promises which characters a provider's ids hold.
        return msgspec.json.encode((self.provider, self.user_id, self.account_id, self.removed_at)).decode()


class TellRefusalJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_refusal"):
    """Mail a host that a guest couldn't book; `at` makes the mail's Message-ID."""

    page_id: PageId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.page_id}/{_second(self.at)}"


class ReadCalendarJob(msgspec.Struct, frozen=True, tag_field="job", tag="read_calendar"):
    """Read a calendar, again and again for as long as it is connected."""

    calendar_id: CalendarId

    @property
    def key(self) -> str:
        return self.calendar_id


class TellCalendarsJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_calendars"):
    """Mail a host which calendars of a connection can't be read."""

    host_id: HostId
    connection_id: CalendarConnectionId

    @property
    def key(self) -> str:
        return self.connection_id


class FindOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="find_overlaps"):
    """Look for events over the bookings that were there before their calendars were connected."""

    calendar_ids: tuple[CalendarId, ...]

    @property
    def key(self) -> str:
        return min(self.calendar_ids)


class CheckOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="check_overlaps"):
    """Look for events over bookings that a reading concerns, or whose time was taken while there may have been one."""

    booking_ids: tuple[BookingId, ...]

    @property
    def key(self) -> str:
        # An index takes no text of any length.
        return sha256(" ".join(self.booking_ids).encode()).hexdigest()


class TellOverlapsJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_overlaps"):
    """Mail a host which events were found over which bookings at an instant."""

    host_id: HostId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.at.isoformat()}"


class WatchCalendarJob(msgspec.Struct, frozen=True, tag_field="job", tag="watch_calendar"):
    """Have the provider tell of changes in a calendar, again and again for as long as it blocks a page."""

    calendar_id: CalendarId

    @property
    def key(self) -> str:
        return self.calendar_id


class FollowEntriesJob(msgspec.Struct, frozen=True, tag_field="job", tag="follow_entries"):
    """Do what hosts want done about entries that they were found to have changed in a calendar at an instant."""

    calendar_id: CalendarId
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.calendar_id}/{self.at.isoformat()}"


class TellEntryLeftJob(BookingJob, frozen=True, tag="tell_entry_left"):
    """Mail a host that the entry of a cancelled booking is still in the calendar."""


class DeliverWebhooksJob(msgspec.Struct, frozen=True, tag_field="job", tag="deliver_webhooks"):
    """Send a webhook what is due, one event after the other; each lane is one request at a time.

    Attributes:
        host_id: whose webhook it is; what waits for the servers of one host must not keep another's waiting.
    """

    host_id: HostId
    webhook_id: WebhookId
    lane: int

    @property
    def key(self) -> str:
        return f"{self.webhook_id}/{self.lane}"


class RecordPastJob(msgspec.Struct, frozen=True, tag_field="job", tag="record_past"):
    """Record what has happened to a host's bookings in a time in which nobody listened.

    Attributes:
        until: since when whatever happens is recorded by whoever does it.
    """

    host_id: HostId
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        return f"{self.host_id}/{self.until.isoformat()}"


class TellWebhookJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_webhook"):
    """Mail a host that a webhook keeps failing, or was paused."""

    webhook_id: WebhookId
    alarm: Alarm
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.webhook_id}/{self.alarm}/{_second(self.at)}"


class TellTokenExpiryJob(msgspec.Struct, frozen=True, tag_field="job", tag="tell_token_expiry"):
    """Mail a host that a token is about to expire."""

    host_id: HostId
    token_id: ApiTokenId

    @property
    def key(self) -> str:
        return self.token_id


class MailAccountJob(msgspec.Struct, frozen=True, tag_field="job", tag="mail_account"):
    """Send a mail about an account."""

    mail_id: str

    @property
    def key(self) -> str:
        return self.mail_id


class DeleteAccountJob(msgspec.Struct, frozen=True, tag_field="job", tag="delete_account"):
    """Cancel, disconnect and erase what belongs to a closed account."""

    host_id: HostId

    @property
    def key(self) -> str:
        return self.host_id


class SupportJob(msgspec.Struct, frozen=True, tag_field="job"):
    """A job about one message of a conversation, counted from 0."""

    thread_id: SupportThreadId
    number: int

    @property
    def key(self) -> str:
        return f"{self.thread_id}/{self.number}"


class MailSupportJob(SupportJob, frozen=True, tag="mail_support"):
    """Mail a visitor's message to the operator."""


class AcknowledgeSupportJob(SupportJob, frozen=True, tag="acknowledge_support"):
    """Mail the sender of a message that it has come."""


class MailAnswerJob(SupportJob, frozen=True, tag="mail_answer"):
    """Mail the operator's answer to the visitor."""


Job = (
    CreateMeetingJob
    | StopWaitingJob
    | RemindGuestJob
    | MailProposalJob
    | AskToConfirmJob
    | ReleaseHoldJob
    | WriteEntryJob
    | MailBookingJob
    | TellGuestLeftJob
    | RetryWaitingBookingsJob
    | KeepConnectionJob
    | TellConnectionJob
    | DeauthorizeJob
    | TellRefusalJob
    | ReadCalendarJob
    | FollowEntriesJob
    | TellEntryLeftJob
    | TellCalendarsJob
    | FindOverlapsJob
    | CheckOverlapsJob
    | TellOverlapsJob
    | WatchCalendarJob
    | DeliverWebhooksJob
    | RecordPastJob
    | TellWebhookJob
    | TellTokenExpiryJob
    | MailAccountJob
    | DeleteAccountJob
    | MailSupportJob
    | AcknowledgeSupportJob
    | MailAnswerJob
)


MAIL_JOBS = (
    RemindGuestJob,
    MailProposalJob,
    AskToConfirmJob,
    MailBookingJob,
    TellGuestLeftJob,
    TellConnectionJob,
    TellRefusalJob,
    TellEntryLeftJob,
    TellCalendarsJob,
    TellOverlapsJob,
    TellWebhookJob,
    TellTokenExpiryJob,
    MailAccountJob,
    MailSupportJob,
    AcknowledgeSupportJob,
    MailAnswerJob,
)
"""The jobs that are one mail each."""


class Due(msgspec.Struct, frozen=True):
    """A job and when it is to run."""

    job: Job
    at: datetime


def tag_of(job: Job | type[Job]) -> str:
    """The stable name of a kind of job, for the broker and for metrics."""
    return str(job.__struct_config__.tag)


def _second(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"

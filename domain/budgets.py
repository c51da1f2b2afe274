"""Budgets: every limit on tries, mails and bookings, with its number."""

from datetime import timedelta
from typing import Literal

import msgspec

from domain.events import Recipient
from domain.ids import BookingId, HostId
from domain.mailbox import mailbox_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Counted = Literal["tries", "mails", "moves", "resends", "bookings", "guests", "booked-for", "meetings"]
"""What a budget is about, for whoever has to say that it is spent."""


class Budget(msgspec.Struct, frozen=True):
    """At most `most` uses within any `window`, for each subject alone."""

    name: str
    most: int
    window: timedelta
    counted: Counted = "tries"

    def of(self, *subject: str) -> "Bucket":
        """The uses that one subject makes of this budget."""
        return Bucket(self, subject)


class Bucket(msgspec.Struct, frozen=True):
    """What one subject has of a budget, such as a network, a host or a mailbox."""

    budget: Budget
    subject: tuple[str, ...]

    @property
    def key(self) -> str:
        return " ".join((self.budget.name, *self.subject))


# By network.
PUBLIC_WRITES = Budget("public-write", 60, MINUTE)
SIGN_INS = Budget("sign-in", 30, MINUTE)
# The sign-in page asks for one when it is opened.
PASSKEY_CHALLENGES = Budget("passkey-challenge", 60, MINUTE)
# Each reads everything that there is of a host.
DOWNLOADS = Budget("download", 20, HOUR)
# Who signs up is signed in at once, so an address that can't be signed up with is told apart. This makes it expensive.
KNOWN_ADDRESSES = Budget("sign-up-with-known-address", 5, HOUR)
SUPPORT_MESSAGES = Budget("support-message", 10, HOUR)
# Each mails an address that somebody typed, whoever's it is.
SIGN_UPS = Budget("sign-up", 20, HOUR)
SIGN_UPS_A_DAY = Budget("sign-up/day", 60, DAY)

# By email address and network.
SIGN_IN_FAILURES = Budget("sign-in-failure", 10, timedelta(minutes=15))
# By host and the browser that has signed in before.
FAILURES_OF_DEVICE = Budget("failure-of-device", 10, timedelta(minutes=15))
# By host and session, where the password is asked for again.
FAILURES_OF_SESSION = Budget("failure-of-session", 10, timedelta(minutes=15))
# By what is locked until when: of those who find it locked at the same time, one records it.
LOCKS_RECORDED = Budget("lock-recorded", 1, timedelta(minutes=15))

# By mailbox, kind of mail and network, and from all networks together.
ACCOUNT_MAILS = Budget("account-mail", 3, HOUR, "mails")
ACCOUNT_MAILS_TO_MAILBOX = Budget("account-mail-to", 10, HOUR)
# By host and the browser that has signed in before, once strangers have used up what the mailbox has.
ACCOUNT_MAILS_OF_DEVICE = Budget("account-mail-of-device", 3, HOUR)

# By mailbox. With what else forms mail to an address that somebody typed, it is 20 an hour.
CONFIRMATIONS_TO_MAILBOX = Budget("confirmation-to", 7, HOUR, "mails")
SUPPORT_RECEIPTS = Budget("support-receipt", 3, DAY)

# By support conversation. Each mails the operator.
MESSAGES_IN_THREAD = Budget("message-in-thread", 30, DAY)

# By host.
CONFIRMATIONS_OF_HOST = Budget("confirmation-of", 5, HOUR)
# Whoever moves around keeps handles from others.
NEW_HANDLES = Budget("new-handle", 5, DAY)
# Each is told by mail.
TOKENS_MADE = Budget("token-made", 60, HOUR)
# Each is drawn anew, which takes a second's work.
NEW_PICTURES = Budget("new-picture", 30, HOUR)
# Each makes this server ask another one.
CALENDARS_READ_AT_ONCE = Budget("calendar-read-at-once", 60, HOUR)
# Each sends something to an address that somebody typed.
WEBHOOKS_TRIED = Budget("webhook-tried", 30, MINUTE)

# By connection. Readings before their time, such as after pushes: of the regular ones every provider bears more.
EARLY_CALENDAR_READINGS = Budget("early-calendar-reading", 60, MINUTE)
# Guests of all networks together have it asked. Nobody is refused by this: its last reading counts instead.
CALENDARS_ASKED_AT_SUBMIT = Budget("calendars-asked-at-submit", 60, MINUTE)

# By network. Each additional guest is somebody whom the booking mails, and whom anybody may have named.
GUESTS_BROUGHT_ALONG = Budget("guest-brought-along", 30, DAY, "guests")

# By host, whoever books.
GUESTS_BROUGHT_TO_HOST = Budget("guest-brought-to-host", 200, DAY, "guests")

# By host, who books themselves: of somebody's own guests, hundreds a day are strangers.
BOOKED_BY_HOST = Budget("booked-by-host", 200, DAY, "booked-for")

# By host, whoever books: each is somebody whom anybody may have named. Those beyond it are mailed later, so a whole
# school that books its term in one day has room.
GUESTS_MAILED = Budget("guest-mailed", 1000, DAY, "mails")

# By network and host.
NEW_BOOKINGS = Budget("new-booking", 20, HOUR, "bookings")

# By booking.
RESENDS = Budget("resend", 1, MINUTE, "resends")
RESENDS_BY_GUEST = Budget("resend-by-guest", 3, HOUR, "resends")
MOVES = Budget("move", 6, DAY, "moves")
PROPOSALS = Budget("proposal", 6, DAY, "mails")

# By mailbox of a guest, and the first two by host as well.
GUEST_MAILS_FROM_HOST_AN_HOUR = Budget("guest-mail-from-host/hour", 10, HOUR, "mails")
GUEST_MAILS_FROM_HOST_A_DAY = Budget("guest-mail-from-host/day", 30, DAY, "mails")
GUEST_MAILS_AN_HOUR = Budget("guest-mail/hour", 20, HOUR, "mails")

# By booking and recipient, by reminder, and by revision and recipient: however often it takes to get one out, its mail
# counts once.
FIRST_MAILS_COUNTED = Budget("first-mail-counted", 1, DAY, "mails")
REMINDERS_COUNTED = Budget("reminder-counted", 1, DAY, "mails")
NEWS_COUNTED = Budget("news-counted", 1, DAY, "mails")


def mails_to_guest(host_id: HostId, *emails: str) -> tuple[Bucket, ...]:
    """What a mail to each of these guests counts for: an act counts it before it is owed.

    A reminder, and news that no act has brought, such as a late link or another way to meet, count when they leave. A
    cancellation isn't counted.
    """
    return tuple(
        bucket
        for mailbox in map(mailbox_of, emails)
        for bucket in (
            GUEST_MAILS_FROM_HOST_AN_HOUR.of(host_id, mailbox),
            GUEST_MAILS_FROM_HOST_A_DAY.of(host_id, mailbox),
            GUEST_MAILS_AN_HOUR.of(mailbox),
        )
    )


def first_mail(host_id: HostId, booking: BookingId, recipient: Recipient) -> tuple[Bucket, Bucket]:
    """Whether the first mail about a booking to one of its guests has been counted, and what it counts for."""
    return FIRST_MAILS_COUNTED.of(booking, str(recipient)), GUESTS_MAILED.of(host_id)


def news_of(booking: BookingId, revision: int, recipient: Recipient) -> Bucket:
    """Whether the mail with which one recipient gets news of a booking has been counted."""
    return NEWS_COUNTED.of(booking, str(revision), str(recipient))

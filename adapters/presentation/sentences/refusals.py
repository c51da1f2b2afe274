"""Refusals and faults as sentences in the reader's language."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked, ngettext
from adapters.presentation.sentences.calendar_problems import for_connecting
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import label
from adapters.presentation.sentences.obstacles import obstacle_words
from adapters.presentation.sentences.waits import try_again_words
from adapters.presentation.sentences.webhook_problems import webhook_problem
from application.ports.idempotency_keys import LONGEST_IDEMPOTENCY_KEY
from domain.budgets import Counted
from domain.errors import (
    AlreadyCancelled,
    AnyRefusal,
    BookingClosed,
    BookingOpen,
    CalendarsUnreadable,
    EventErased,
    Forbidden,
    HoldEnded,
    HostBusy,
    HostUnconfirmed,
    IdempotencyKeyReused,
    InvalidInput,
    LinkEnded,
    MeetingTypeNotOffered,
    NoEntryChange,
    NoLinkAwaited,
    NoMeetingTypeAvailable,
    NoneUsable,
    NotFound,
    NothingSwitchedOn,
    Overloaded,
    PageGone,
    PageInactive,
    Past,
    ProposalEnded,
    RequestedUnusable,
    ScheduleInUse,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyRequests,
    Unauthorized,
    Unconfirmed,
    UnusableForBooking,
    WhyClosed,
    WhyNone,
    WhyTaken,
)
from domain.faults import (
    AddressForGuests,
    AlreadyUsed,
    CalendarFault,
    ChangedElsewhere,
    CommonPassword,
    Fault,
    LeftOut,
    Limited,
    Malformed,
    Mismatch,
    NoGuestsAlong,
    NoRoom,
    NoSuchCalendar,
    NoSuchSchedule,
    NotAnEmail,
    NotAsked,
    NotKnown,
    NotOneOf,
    NumberForGuests,
    NumberToCall,
    OutlivesToken,
    OutOfRange,
    OutsideCalendar,
    Overlapping,
    PersonalPassword,
    ReadOnly,
    Repeated,
    Required,
    Reserved,
    TimeOver,
    TooFew,
    TooLarge,
    TooLong,
    TooMany,
    TooManyRanges,
    TooMuchText,
    TooShort,
    Unanswered,
    Unchanged,
    Unfilled,
    UnknownTimeZone,
    UnreadablePicture,
    WebhookFault,
    WrongOrder,
)
from domain.host import LONGEST_SLUG


def refusal_sentence(refusal: AnyRefusal) -> str:
    """What was refused and what to do, in one or a few sentences."""
    match refusal:
        case InvalidInput(faults=faults):
            return joined(*dict.fromkeys(fault_sentence(each) for each in faults))
        case NotFound(what):
            return _(_NOT_FOUND[what])
        case SlotTaken(why=why):
            return _(_TAKEN_TIME[why])
        case HostBusy():
            return _("One of your calendars shows you as busy then. Nothing was booked. You can book anyway.")
        case SlotNotOffered():
            return _("This time can’t be booked. Choose one of the times that the page offers.")
        case NoMeetingTypeAvailable(why):
            return _none_usable(why)
        case MeetingTypeNotOffered(meeting_type):
            words = _("This page doesn’t offer this way to meet: {meeting_type}. Choose another one.")
            return words.format(meeting_type=label(meeting_type))
        case BookingClosed(why):
            return _closed(why)
        case BookingOpen():
            return _("This booking is still to come. Cancel it first, or wait until it’s over.")
        case ScheduleInUse(pages):
            return ngettext(
                "“{page}” uses this schedule. Give that page other hours first.",
                "These pages use this schedule: {pages}. Give them other hours first.",
                len(pages),
            ).format(page="".join(pages[:1]), pages=", ".join(pages))
        case EventErased():
            return _("The guest’s details were erased from this event, so it isn’t sent again.")
        case IdempotencyKeyReused():
            return _("This Idempotency-Key was used for another request. Use a new key for a new booking.")
        case Unauthorized(why):
            return _(_UNAUTHORIZED[why])
        case Forbidden(scope):
            return _("This API token may not do that: it needs the scope {scope}.").format(scope=scope)
        case TooManyBookings(most):
            words = ngettext(
                "This email address already has {n} upcoming booking on this page, which is the most. Nothing was "
                "booked. To book another time, reschedule or cancel it.",
                "This email address already has {n} upcoming bookings on this page, which is the most. Nothing was "
                "booked. To book another time, reschedule or cancel one of them.",
                most,
            )
            return words.format(n=most)
        case LinkEnded(why):
            return _(_ENDED_LINK[why])
        case TooManyRequests(retry_after, counted):
            return joined(_(_SPENT[counted]), try_again_words(retry_after))
        case Overloaded():
            return _("We’re busy right now. Nothing changed. Try again in a few seconds.")
        case CalendarsUnreadable():
            return _("Times can’t be shown right now. Nothing changed. Try again in a few minutes.")
        case _:
            assert_never(refusal)


def fault_sentence(fault: Fault) -> str:
    """What is wrong with one member and what to do; what the member is called stands beside the sentence."""
    match fault.problem:
        case Required():
            return _at(fault, _REQUIRED, marked("This is required."))
        case LeftOut(what):
            return _(_LEFT_OUT[what])
        case Unanswered(question):
            return _("Answer “{question}”.").format(question=question)
        case NumberToCall(host):
            return _("{host} will call you: please enter your phone number.").format(host=host)
        case NumberForGuests():
            return _("Enter the phone number that guests call.")
        case AddressForGuests():
            return _("Enter the address where you meet.")
        case NotAsked():
            return _("This question is not asked here.")
        case NoGuestsAlong():
            return _("You can’t bring other guests to this meeting. Remove their addresses and book again.")
        case NotKnown():
            return _("We don’t know this.")
        case ReadOnly():
            return _("This can only be read. Leave it out.")
        case ChangedElsewhere():
            return _("Change event types one by one, under the page’s event-types.")
        case Malformed(expected):
            return _(_EXPECTED[expected]).format(longest=_LONGEST.get(expected))
        case NotAnEmail(why):
            return _(_EMAIL[why])
        case UnknownTimeZone(name):
            return _("“{name}” is not a known time zone. Use a name such as Europe/Berlin.").format(name=name)
        case NotOneOf(()):
            return _("This value isn’t possible here.")
        case NotOneOf(choices):
            return _("Choose one of: {options}.").format(options=", ".join(choices))
        case OutOfRange(least, most):
            return _("Enter a whole number from {least} to {most}.").format(least=least, most=most)
        case TooShort(least):
            return ngettext("Use at least {n} character.", "Use at least {n} characters.", least).format(n=least)
        case TooLong(limit, length):
            words = ngettext(
                "This has {n} character. The limit is {limit}.",
                "This has {n} characters. The limit is {limit}.",
                length,
            )
            return words.format(n=f"{length:,}", limit=f"{limit:,}")
        case TooFew(least):
            words = ngettext("Enter at least {n} option.", "Enter at least {n} options.", least)
            return words.format(n=least)
        case TooMany(limit):
            return _at(fault, _TOO_MANY, marked("There are too many entries. The limit is {limit}.")).format(
                limit=limit
            )
        case NoRoom(of, limit):
            return _(_NO_ROOM[of]).format(limit=limit)
        case TooMuchText(kilobytes):
            return _("All texts together may have at most {kilobytes} kB. Shorten or remove some.").format(
                kilobytes=kilobytes
            )
        case TooLarge(megabytes):
            return _("This file is larger than {n} MB. Choose a smaller one.").format(n=megabytes)
        case UnreadablePicture(why):
            return _(_PICTURE[why])
        case CalendarFault(problem):
            return for_connecting(problem)
        case WebhookFault(problem):
            return webhook_problem(problem)
        case NoSuchCalendar():
            return _("This calendar can’t be used here.")
        case NoSuchSchedule():
            return _("This is not one of your schedules. It may have been deleted.")
        case Repeated():
            return _at(fault, _REPEATED, marked("This is listed twice. List it once."))
        case Overlapping(earlier, later):
            words = _("These hours overlap: {earlier} and {later}. Change one of them.")
            return words.format(earlier=earlier, later=later)
        case TooManyRanges(limit):
            return _("A day has at most {limit} ranges of hours. Join some of them.").format(limit=limit)
        case AlreadyUsed():
            return _at(fault, _TAKEN, marked("This is taken. Choose another one."))
        case Reserved(handle):
            return _("“{handle}” is reserved. Choose another handle.").format(handle=handle)
        case CommonPassword():
            return _("This password is easy to guess. Choose one that is harder, such as a few random words.")
        case PersonalPassword():
            return _("Choose a password without your name, handle or email address.")
        case Unchanged():
            return _at(fault, _UNCHANGED, marked("This is your address already."))
        case Mismatch():
            return _at(fault, _MISMATCH, marked("This doesn’t match. Check it and try again."))
        case WrongOrder():
            return _("“from” has to be on or before “to”.")
        case TimeOver():
            return _("This time is over. Choose a later one.")
        case OutlivesToken(until):
            words = _("The token that you use expires on {day} at {time} UTC. Choose a time that isn’t later.")
            return words.format(day=f"{until:%Y-%m-%d}", time=f"{until:%H:%M}")
        case OutsideCalendar(first, last):
            return _("Choose a date between {first} and {last}.").format(first=first, last=last)
        case _:
            assert_never(fault.problem)


def _none_usable(why: WhyNone) -> str:
    match why:
        case PageInactive():
            return _(
                "This page is not taking bookings: its host has turned it off. Existing bookings keep their times."
            )
        case HostUnconfirmed():
            return _("This page is not taking bookings yet: its host hasn’t confirmed their email address.")
        case NothingSwitchedOn():
            return _("This page is not taking bookings right now: no meeting type is switched on.")
        case NoneUsable(obstacles):
            reasons = joined(*(obstacle_words(each) for each in obstacles))
            return _("This page is not taking bookings right now. {reasons}").format(reasons=reasons)
        case RequestedUnusable(obstacle, others):
            words = _("This can’t be booked right now. {reason} You can choose instead: {others}.")
            return words.format(reason=obstacle_words(obstacle), others=", ".join(label(each) for each in others))
        case UnusableForBooking(meeting_type, obstacle):
            words = _("This way to meet can’t be used for this booking: {meeting_type}. {reason}")
            return words.format(meeting_type=label(meeting_type), reason=obstacle_words(obstacle))
        case _:
            assert_never(why)


def _closed(why: WhyClosed) -> str:
    match why:
        case AlreadyCancelled(at, "host"):
            words = _("This booking was already cancelled on {day} at {time} UTC by the host. You can book again.")
            return words.format(day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
        case AlreadyCancelled(at, _by):
            words = _("This booking was already cancelled on {day} at {time} UTC by the guest. You can book again.")
            return words.format(day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
        case Past():
            return _("This booking is in the past. You can book again.")
        case PageGone():
            return _("This booking’s page no longer exists, so it can’t be rescheduled. Ask the host.")
        case Unconfirmed(until):
            words = _(
                "This booking isn’t confirmed yet. Confirm it by {time} UTC with the link in your email, or cancel it "
                "and book another time."
            )
            return words.format(time=f"{until:%H:%M}")
        case HoldEnded():
            return _("This booking wasn’t confirmed in time, so the time is no longer held. You can book again.")
        case NoLinkAwaited():
            return _("This booking no longer waits for a link.")
        case NoEntryChange():
            return _("This booking’s calendar event wasn’t changed, or you’ve already decided what to do.")
        case ProposalEnded():
            return _("This time is no longer proposed. Your booking keeps its time. You can choose another one.")
        case _:
            assert_never(why)


def _at(fault: Fault, sentences: dict[str, str], otherwise: str) -> str:
    """The sentence for the fault's member: the last part of its path that is a name."""
    names = [each for each in fault.field.split(".") if not each.isdigit()]
    return _(sentences.get(names[-1] if names else "", otherwise))


_NOT_FOUND = {
    "address": marked("There’s nothing at this address."),
    "account": marked("This account no longer exists."),
    "booking": marked("There is no such booking."),
    "booking-link": marked("There is no such booking. Check that you have the whole link."),
    "leave-link": marked("This invitation no longer exists. Check that you have the whole link."),
    "booking-page": marked("There is no such booking page."),
    "event-type": marked("There is no such event type on this page."),
    "schedule": marked("There is no such schedule. It may have been deleted."),
    "single-use-link": marked("There is no such link. It may have been deleted."),
    "calendar": marked("There is no such calendar."),
    "calendar-connection": marked("There is no such calendar connection."),
    "provider": marked("There is no such provider."),
    "provider-settings": marked("This provider is not set up on this server."),
    "api-token": marked("There is no such API token. It may have been revoked already."),
    "passkey": marked("There is no such passkey. It may have been removed already."),
    "webhook": marked("There is no such webhook. It may have been removed already."),
    "webhook-delivery": marked("There is no such delivery. Deliveries are kept for 30 days."),
    "webhook-event": marked("There is no such event. Events are kept for 30 days."),
    "mail-link": marked("This link has been used, or it’s too old."),
    "support": marked("This server takes no support messages. Ask your administrator."),
    "support-thread": marked("There is no such conversation. It may have been erased, 30 days after it was closed."),
    "support-desk": marked("This link no longer works. Use the one in the latest email from support."),
    "problem": marked("There is no problem with this name."),
    "colour": marked("There is no such colour."),
}

_SPENT: dict[Counted, str] = {
    "tries": marked("Too many tries in a short time. Nothing changed."),
    "mails": marked("This email address got many emails in a short time. Nothing changed."),
    "moves": marked("This booking was rescheduled many times in a day. Nothing changed."),
    "resends": marked("This email was sent again a short time ago. Nothing changed."),
    "bookings": marked("Too many bookings came from your network in a short time. Nothing was booked."),
    "guests": marked(
        "Too many guests were added to bookings in a day. Nothing was booked. Book without adding guests."
    ),
    "booked-for": marked(
        "You’ve booked for many guests in a day. Nothing was booked. Guests can still book on your page."
    ),
    "meetings": marked("Few online meetings can still be created today. Nothing changed."),
}

_UNAUTHORIZED = {
    "token-missing": marked("Send a host’s API token in the header “Authorization: Bearer …”."),
    "token-unknown": marked("This API token isn’t known. It may have been revoked."),
    "token-expired": marked("This API token has expired. Create a new one under Settings → API tokens."),
    "session-ended": marked("You were signed out meanwhile, and nothing changed. Sign in again."),
    "wrong-password": marked("Email or password is wrong. Check both and try again."),
    "other-account": marked("Sign in to the account that is to have this address."),
    "passkey-unknown": marked("This passkey isn’t known here. It may have been removed. Use your password."),
    "passkey-refused": marked("This passkey wasn’t accepted. Try again, or use your password."),
    "passkey-too-late": marked("That took too long. Try your passkey again."),
}

_UNCHANGED = {"starts": marked("The booking has this time already. Choose other ones.")}

_REQUIRED = {
    "starts": marked("Choose at least one time."),
    "events": marked("Choose at least one event."),
    "scopes": marked("Choose at least one thing that it may do."),
    "expires_at": marked("Choose a day."),
    "url": marked("Enter the address."),
    "passkey_name": marked("Name the passkey."),
    "handle": marked("Enter a handle."),
    "current_password": marked("Enter your password."),
    "name": marked("Enter a name."),
    "email": marked("Enter your email address."),
    "additional_guests": marked("Enter an email address for each guest."),
    "password": marked("Enter your password."),
    "username": marked("Enter your user name on that server."),
    "title": marked("Enter a title."),
    "slug": marked("Enter an address: the last part of the link that guests get."),
    "duration_minutes": marked("Enter a length in minutes."),
    "label": marked("Enter the question."),
    "choices": marked("One of the options is empty. Remove it."),
    "number": marked("Enter your phone number, such as +49 30 1234567."),
    "address": marked("Enter the address where you meet."),
    "date": marked("Enter a date, such as 2026-12-24."),
    "start": marked("Choose a time."),
    "meeting_type": marked("Choose how you meet."),
    "meeting_types": marked("Turn on at least one way to meet."),
    "days": marked("Choose at least one day."),
    "own": marked("Switch on at least one way to meet, or take the page’s."),
    "message": marked("Write what you need help with."),
    "cancel_bookings": marked("Confirm that your upcoming bookings will be cancelled."),
}

_LEFT_OUT: dict[Unfilled, str] = {
    "own-name": marked("Enter your name."),
    "new-password": marked("Enter a password."),
    "guest-name": marked("Enter the guest’s name."),
    "guest-email": marked("Enter the guest’s email address."),
    "guest-phone": marked("Enter the guest’s phone number."),
}

_TOO_MANY_ROWS = marked("This form has more rows than a page can have. Nothing was saved.")
_TOO_MANY = {
    "starts": marked("Choose at most {limit} times."),
    "additional_guests": marked("You can add up to {limit} guests. Remove some."),
    **dict.fromkeys(("date", "event", "question", "hours"), _TOO_MANY_ROWS),
    "questions": marked("There are too many questions. The limit is {limit}."),
    "choices": marked("There are too many options. The limit is {limit}."),
    "event_types": marked("There are too many event types. The limit is {limit} for a page."),
    "overrides": marked("There are too many dates. The limit is {limit}. You can delete past ones."),
    "to": marked("There are too many days. The limit is {limit} at once."),
}

_NO_ROOM: dict[Limited, str] = {
    "api-tokens": marked("You have too many tokens. The limit is {limit}. Revoke one that you no longer need."),
    "booking-links": marked("This page has too many links. The limit is {limit}. Delete one you no longer need."),
    "booking-pages": marked("You have too many pages. The limit is {limit}. Remove one that you no longer need."),
    "calendar-connections": marked(
        "You have too many calendar connections. The limit is {limit}. Disconnect one first."
    ),
    "passkeys": marked("You have too many passkeys. The limit is {limit}. Remove one that you no longer need."),
    "schedules": marked("You have too many schedules. The limit is {limit}. Delete one that you no longer need."),
    "webhooks": marked("You have too many webhooks. The limit is {limit}. Remove one that you no longer need."),
}

_REPEATED = {
    "id": marked("Every question needs its own id."),
    "slug": marked("Another event type of this page has this address. Choose another one."),
    "choices": marked("Two of the options are the same. Remove one."),
    "date": marked("This date is listed twice. Put all its hours into one of the two."),
}

_ENDED_LINK = {
    "used": marked("This link has already been used. Ask the host for a new one."),
    "expired": marked("This link has expired. Ask the host for a new one."),
    "removed": marked("This link no longer works. Ask the host for a new one."),
}

_TAKEN_TIME: dict[WhyTaken, str] = {
    "busy": marked("This time is no longer free. Choose another one."),
    "daily-cap": marked("This day is full. Choose a time on another day."),
}

_TAKEN = {
    "handle": marked("This handle is taken. Choose another one."),
    "email": marked("Another account has this email address. Nothing changed."),
    "slug": marked("Another page of yours has this address. Choose another one."),
    "name": marked("Another schedule of yours has this name. Choose another name."),
}

_MISMATCH = {
    "handle": marked("This is not your handle. Type it as it is shown here."),
    "password": marked("This is not your password. Check it and try again."),
    "current_password": marked("This is not your password. Check it and try again."),
}

_LONGEST = {"slug": LONGEST_SLUG, "idempotency-key": LONGEST_IDEMPOTENCY_KEY}

_EXPECTED = {
    "text": marked("Use text here."),
    "whole-number": marked("Use a whole number here."),
    "yes-or-no": marked("Use true or false here."),
    "object": marked("Use an object with named members here."),
    "list": marked("Use a list here."),
    "json": marked("The body is not well-formed JSON in UTF-8."),
    "instant": marked("Use an instant such as 2026-12-01T14:00:00Z."),
    "instant-with-offset": marked("Include the offset, as in 2026-12-01T14:00:00Z."),
    "date": marked("Use a date such as 2026-12-01."),
    "time-of-day": marked("Use a time of day such as 09:00."),
    "hours": marked("Enter a start and an end, such as 09:00 to 17:00."),
    "country-code": marked("Choose a country, or use its two letters such as DE."),
    "region-code": marked("Choose a region of the list."),
    "language-tag": marked("Use a language tag such as en, de or pt-BR."),
    "slug": marked("Use 1 to {longest} lowercase letters, numbers and hyphens, with a letter or number at both ends."),
    "phone-number": marked(
        "Enter a phone number with its area code, and with its country code if it’s abroad: +49 30 1234567."
    ),
    "colour": marked("Use a colour such as #0f766e: a hash sign and six digits or letters a to f."),
    "https-link": marked("Paste a link that begins with https://."),
    "whole-link": marked("This link can’t be read. Copy it as a whole, as it is in the address bar."),
    "server-address": marked("Enter your calendar server’s name or address, such as caldav.example.com."),
    "feed-address": marked("Paste the whole address of a calendar feed. It begins with https:// or webcal://."),
    "webhook-address": marked(
        "Enter the whole address of your program, such as https://example.com/hooks. Its port is 443 or at least 1024, "
        "and it has no user name in it."
    ),
    "site": marked(
        "Enter a site such as https://example.com, with nothing behind it. A wildcard isn’t possible, and http only "
        "for localhost and 127.0.0.1."
    ),
    "site-by-name": marked(
        "Browsers can’t allow a site by an IPv6 address. Enter its name instead, such as http://localhost:3000."
    ),
    "cursor": marked("This is not a cursor of this list. Leave it out to start from the beginning."),
    "base64": marked("Encode the file as Base64."),
    "idempotency-key": marked("Use 1 to {longest} visible ASCII characters, such as a UUID."),
}

_EMAIL = {
    "no-at-sign": marked("Enter a valid email address. An email address must have an @-sign."),
    "no-local-part": marked("Enter a valid email address. There must be something before the @-sign."),
    "no-domain": marked("Enter a valid email address. There must be something after the @-sign."),
    "no-period": marked("Enter a valid email address. The part after the @-sign should have a period."),
    "two-periods": marked("Enter a valid email address. It can’t have two periods in a row."),
    "not-latin": marked("Enter an email address whose part before the @ has only Latin letters."),
    "other": marked("Enter a valid email address. Look for a typing error."),
}

_PICTURE = {
    "not-a-picture": marked(
        "This file is neither a PNG nor a JPEG picture. Choose a screenshot in one of these formats."
    ),
    "not-png-jpeg-webp": marked(
        "This file isn’t a PNG, JPEG or WebP picture. SVG, GIF and HEIC won’t work. Save it as PNG, JPEG or WebP first."
    ),
    "too-many-pixels": marked("This picture has too many pixels. Choose a smaller one."),
    "broken": marked("This picture is damaged. Choose another one, or make it again."),
}

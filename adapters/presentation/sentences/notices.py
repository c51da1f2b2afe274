"""The words of a notice to its host, and the target of its button."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.providers import PROVIDER_NAMES
from adapters.presentation.sentences.calendar_problems import for_reading, for_writing
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import label
from adapters.presentation.sentences.obstacles import obstacle_words
from adapters.presentation.sentences.provider_problems import for_host
from adapters.presentation.sentences.webhook_problems import webhook_problem
from adapters.presentation.times import span_words, starts
from adapters.presentation.zone_names import zone_name
from application.ports import notices
from domain.calendar_entry import entry_title
from domain.connection import Blocked, NeedsReconnect

PROVIDERS_PATH = "/settings/providers"
WEBHOOKS_PATH = "/settings/webhooks"


class NoticeWords(msgspec.Struct, frozen=True):
    """`path` is under the public URL."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str
    path: str


_NEEDS_ACTION = (
    notices.ConnectionNeedsHost,
    notices.ConnectionRemoved,
    notices.GuestCouldNotBook,
    notices.CalendarsUnread,
    notices.BookingsOverlapped,
    notices.EntryChanged,
    notices.EntriesChanged,
    notices.EntryLeft,
    notices.WebhookFailing,
    notices.WebhookPaused,
    notices.WebhooksDistrusted,
)


def needs_action(about: notices.About) -> bool:
    """Whether something stays broken until the host acts; the subject says so, and the mail looks so."""
    return isinstance(about, _NEEDS_ACTION)


def notice_words(about: notices.About) -> NoticeWords:
    match about:
        case notices.ConfirmSignUp(token):
            return NoticeWords(
                _("Confirm your email address"),
                (
                    _("Welcome to TimeTuna. Confirm your email address to finish signing up."),
                    _("The link works once, for three days."),
                    _("If you didn’t sign up, someone typed your address by mistake. You can ignore this email."),
                ),
                _("Confirm this address"),
                f"/confirm-email/{token}",
            )
        case notices.ConfirmNewAddress(token):
            return NoticeWords(
                _("Confirm your new email address"),
                (
                    _("Confirm this address to use it for your TimeTuna account."),
                    _("The link works once, for three days."),
                    _("If you didn’t ask for this, you can ignore this email. Nothing will change."),
                ),
                _("Confirm this address"),
                f"/confirm-email/{token}",
            )
        case notices.AddressWanted():
            return NoticeWords(
                _("Someone tried to use your email address"),
                (
                    _(
                        "Someone tried to use this address for another TimeTuna account. You already have an account "
                        "with this address, so nothing changed."
                    ),
                    _("If it was you, change the address of this account first, or delete this account."),
                ),
                _("Open your profile"),
                "/settings/profile",
            )
        case notices.AlreadySignedUp():
            return NoticeWords(
                _("You already have an account"),
                (
                    _("Someone tried to sign up with this address. You already have a TimeTuna account with it."),
                    _("If it was you, sign in. If you forgot your password, you can set a new one there."),
                    _("If it wasn’t you, you can ignore this email. Nothing changed."),
                ),
                _("Sign in"),
                "/signin",
            )
        case notices.ResetPasswordLink(token):
            return NoticeWords(
                _("Set a new password"),
                (
                    _("We got a request to reset the password of your TimeTuna account."),
                    _("The link works once, for one hour."),
                    _("If it wasn’t you, you can ignore this email. Your password stays the same."),
                ),
                _("Set a new password"),
                f"/reset/{token}",
            )
        case notices.PasswordChangedNotice():
            return NoticeWords(
                _("Your password was changed"),
                (
                    _("The password of your TimeTuna account was changed. You were signed out everywhere else."),
                    _(
                        "If it wasn’t you, set a new password now. Then look through API tokens, Webhooks and "
                        "Connected providers under Settings, and remove what you don’t know."
                    ),
                ),
                _("Set a new password"),
                "/forgot",
            )
        case notices.ApiTokenMade():
            return NoticeWords(
                _("New API token for your account"),
                (
                    _("A new API token was created for your TimeTuna account. Programs can use it to act for you."),
                    _("If it wasn’t you, revoke it and set a new password now."),
                ),
                _("Open your API tokens"),
                "/settings/api-tokens",
            )
        case notices.ApiTokenExpires(name, expires_at, timezone):
            return NoticeWords(
                _("Your API token “{name}” expires soon").format(name=name),
                (
                    _("Your API token “{name}” expires on {time} ({zone}).").format(
                        name=name, time=starts(expires_at, timezone), zone=zone_name(timezone)
                    ),
                    _(
                        "Programs that use it stop working then. To keep them running, create a new token and use it "
                        "instead."
                    ),
                ),
                _("Open your API tokens"),
                "/settings/api-tokens",
            )
        case notices.NewPasskey():
            return NoticeWords(
                _("New passkey for your account"),
                (
                    _("A passkey was added to your TimeTuna account. It signs in without your password."),
                    _("If it wasn’t you, remove it and set a new password now."),
                ),
                _("Open your profile"),
                "/settings/profile",
            )
        case notices.PasskeyGone():
            return NoticeWords(
                _("A passkey was removed"),
                (
                    _("A passkey was removed from your TimeTuna account. Nobody can sign in with it any more."),
                    _("If it wasn’t you, set a new password now."),
                ),
                _("Open your profile"),
                "/settings/profile",
            )
        case notices.EmailChangeAsked():
            return NoticeWords(
                _("Request to change your email address"),
                (
                    _(
                        "We got a request to use another email address for your TimeTuna account. Nothing changes "
                        "until someone who is signed in to your account confirms it."
                    ),
                    _(
                        "If it wasn’t you, set a new password now: that cancels the change. Then open API tokens under "
                        "Settings and revoke those you don’t know."
                    ),
                ),
                _("Open your API tokens"),
                "/settings/api-tokens",
            )
        case notices.EmailChanged(email):
            return NoticeWords(
                _("Your email address was changed"),
                (
                    _("Your TimeTuna account now uses the address {email}.").format(email=email),
                    _("If it wasn’t you, contact support right away."),
                ),
                _("Get help"),
                "/support",
            )
        case notices.AccountDeletedNotice(by_operator):
            return NoticeWords(
                _("Your account is being deleted"),
                (
                    _("The administrator of this server is deleting your TimeTuna account, and you’re signed out.")
                    if by_operator
                    else _("You asked us to delete your TimeTuna account, and you’re signed out."),
                    _(
                        "We’re cancelling your upcoming bookings and telling your guests. In a few minutes, we’ll "
                        "erase everything about you, your pages and your bookings."
                    ),
                ),
                _("Open TimeTuna"),
                "/",
            )
        case notices.ConnectionNeedsHost(provider, state):
            return _connection_needs_host(PROVIDER_NAMES[provider], state)
        case notices.ConnectionRemoved(provider):
            return _connection_removed(PROVIDER_NAMES[provider])
        case notices.GuestCouldNotBook():
            return _guest_could_not_book(about)
        case notices.CalendarsUnread():
            return _calendars_unread(about)
        case notices.BookingsOverlapped():
            return _bookings_overlapped(about)
        case notices.EntryChanged():
            return _entry_changed(about)
        case notices.EntriesChanged():
            return _entries_changed(about)
        case notices.WebhookFailing():
            return _webhook_failing(about)
        case notices.WebhookPaused():
            return _webhook_paused(about)
        case notices.WebhooksDistrusted():
            return _webhooks_distrusted(about)
        case notices.EntryLeft():
            return _entry_left(about)
        case notices.GuestHasLeft():
            return _guest_has_left(about)
        case _:
            assert_never(about)


def _connection_needs_host(name: str, state: NeedsReconnect | Blocked) -> NoticeWords:
    match state:
        case NeedsReconnect(problem):
            subject, action = _("Action needed: please reconnect {name}"), _("Reconnect {name}")
        case Blocked(problem):
            subject, action = _("Action needed: {name} doesn’t let your account create meetings"), _("How to fix it")
        case _:
            assert_never(state)
    return NoticeWords(
        subject.format(name=name), (for_host(problem), _meanwhile()), action.format(name=name), PROVIDERS_PATH
    )


def _calendars_unread(about: notices.CalendarsUnread) -> NoticeWords:
    first, *others = about.names
    subject = _("Action needed: we can’t read your calendar “{name}”")
    if others:
        subject = ngettext(
            "Action needed: we can’t read your calendar “{name}” and {num} other",
            "Action needed: we can’t read your calendar “{name}” and {num} others",
            len(others),
        )
    names, since = _quoted(about.names), starts(about.since, about.timezone)
    unread = _("We haven’t been able to read {names} ({account}) since {time} ({zone}).")
    return NoticeWords(
        subject.format(name=first, num=len(others)),
        (
            unread.format(names=names, account=about.account, time=since, zone=zone_name(about.timezone)),
            *(for_reading(each) for each in about.problems),
            *_what_unread_means(about),
        ),
        _("Reconnect") if about.reconnecting_helps else _("Open Connected providers"),
        f"{PROVIDERS_PATH}#calendars",
    )


def _entry_changed(about: notices.EntryChanged) -> NoticeWords:
    was = starts(about.start, about.timezone)
    if about.moved_to is None:
        subject = _("Action needed: cancel {title} with {guest}?")
        sentence = _("You deleted the event of this booking ({time}, {zone}) in your calendar “{calendar}”.")
        choice = _("The booking is still on. Open it to cancel it and tell {guest}, or to put the event back.")
    else:
        subject = _("Action needed: reschedule {title} with {guest}?")
        sentence = _(
            "You moved the event of this booking in your calendar “{calendar}” from {time} to {new_time} ({zone})."
        )
        choice = _("The booking hasn’t changed. Open it to reschedule it and tell {guest}, or to move the event back.")
    new_time = starts(about.moved_to or about.start, about.timezone)
    return NoticeWords(
        subject.format(title=about.title, guest=about.guest),
        (
            sentence.format(calendar=about.calendar, time=was, new_time=new_time, zone=zone_name(about.timezone)),
            choice.format(guest=about.guest),
        ),
        _("Open this booking"),
        f"/bookings/{about.booking_id}",
    )


def _entries_changed(about: notices.EntriesChanged) -> NoticeWords:
    return NoticeWords(
        _("Action needed: events of {n} bookings changed in your calendar").format(n=about.bookings),
        (
            _("You deleted or moved the events of {n} bookings in your calendar “{calendar}”.").format(
                n=about.bookings, calendar=about.calendar
            ),
            _("The bookings haven’t changed. Open each to cancel or reschedule it, or to put its event back."),
        ),
        _("See these bookings"),
        "/bookings?show=needs_attention",
    )


def _entry_left(about: notices.EntryLeft) -> NoticeWords:
    sentence = _("This booking ({time}, {zone}) is cancelled, but its event is still in your calendar “{calendar}”.")
    if not about.calendar:
        sentence = _("This booking ({time}, {zone}) is cancelled, but its event is still in your calendar.")
    title = entry_title(about.guest or None, about.title)
    return NoticeWords(
        _("Action needed: “{title}” is still in your calendar").format(title=title),
        (
            sentence.format(
                time=starts(about.start, about.timezone), zone=zone_name(about.timezone), calendar=about.calendar
            ),
            joined(_("We couldn’t remove it."), for_writing(about.problem)),
            _("If you don’t want to wait, delete the event there. The booking stays cancelled."),
        ),
        _("Open this booking"),
        f"/bookings/{about.booking_id}",
    )


def _guest_has_left(about: notices.GuestHasLeft) -> NoticeWords:
    sentence = _("{email} can’t come to your meeting with {guest} ({time}, {zone}).")
    time, zone = starts(about.start, about.timezone), zone_name(about.timezone)
    return NoticeWords(
        _("{email} can’t come: {title} with {guest}").format(email=about.email, title=about.title, guest=about.guest),
        (
            sentence.format(email=about.email, guest=about.guest, time=time, zone=zone),
            _("Nothing changes for {guest} and everyone else.").format(guest=about.guest),
        ),
        _("Open this booking"),
        f"/bookings/{about.booking_id}",
    )


def _webhook_failing(about: notices.WebhookFailing) -> NoticeWords:
    return NoticeWords(
        _("Action needed: your webhook at {host} keeps failing").format(host=about.host_name),
        (
            _("Your webhook at {host} has taken no event since {time} ({zone}).").format(
                host=about.host_name, time=starts(about.since, about.timezone), zone=zone_name(about.timezone)
            ),
            webhook_problem(about.problem),
            _("We keep trying. If nothing changes, we’ll pause it on {time}. Your bookings go on as usual.").format(
                time=starts(about.pauses_at, about.timezone)
            ),
        ),
        _("Open this webhook"),
        f"{WEBHOOKS_PATH}/{about.webhook_id}",
    )


def _webhook_paused(about: notices.WebhookPaused) -> NoticeWords:
    sentence = _("Your webhook at {host} has taken no event for days, so we’ve paused it.")
    if about.why == "gone":
        sentence = _("Your webhook at {host} says that it’s gone, so we’ve paused it.")
    return NoticeWords(
        _("Action needed: your webhook at {host} is paused").format(host=about.host_name),
        (
            sentence.format(host=about.host_name),
            webhook_problem(about.problem),
            _("Events are kept for 30 days. When it works again, resume it and send what it missed."),
        ),
        _("Open this webhook"),
        f"{WEBHOOKS_PATH}/{about.webhook_id}",
    )


def _webhooks_distrusted(about: notices.WebhooksDistrusted) -> NoticeWords:
    return NoticeWords(
        _("Action needed: your webhooks are paused"),
        (
            _(
                "Someone else could have added or changed your webhooks. To keep your guests’ details safe, we’ve "
                "paused them: {hosts}."
            ).format(hosts=", ".join(about.host_names)),
            _(
                "If a webhook and its address are yours, make a new secret and resume it. If not, remove it. Events "
                "are kept for 30 days, so you can send what it missed."
            ),
            _("If you didn’t lock anyone out and didn’t set a new password, set one now."),
        ),
        _("Open your webhooks"),
        WEBHOOKS_PATH,
    )


def _what_unread_means(about: notices.CalendarsUnread) -> tuple[str, ...]:
    closing, trusting = _quoted(about.closing), _quoted(about.trusting)
    found: list[str] = []
    if about.closing and about.closes_at is None:
        found.append(
            _(
                "So nobody books over an event we can’t see, these booking pages offer no times until that’s fixed: "
                "{pages}."
            ).format(pages=closing)
        )
    elif about.closes_at is not None:
        found.append(
            _(
                "Until {time}, we use what we read last. After that, these booking pages offer no times until that’s "
                "fixed: {pages}."
            ).format(pages=closing, time=starts(about.closes_at, about.timezone))
        )
    if about.trusting:
        found.append(
            _(
                "These booking pages keep using what we read last, so guests could book over newer events: {pages}."
            ).format(pages=trusting)
        )
    return tuple(found) or (_("It doesn’t block any of your booking pages, so guests won’t notice."),)


def _quoted(names: Sequence[str]) -> str:
    """The names in the quotation marks of the reader's language."""
    each = _("“{name}”")
    return ", ".join(each.format(name=name) for name in names)


def _bookings_overlapped(about: notices.BookingsOverlapped) -> NoticeWords:
    first, count = about.listed[0], len(about.listed) + about.more
    if count == 1:
        subject = _("Action needed: an event overlaps “{title}” with {guest}").format(
            title=first.title, guest=first.guest
        )
        advice = _("If you can’t make it, propose another time. We’ll tell {guest}.").format(guest=first.guest)
        action, path = _("Propose another time"), f"/bookings/{first.booking_id}/reschedule"
    else:
        subject = _("Action needed: events overlap {num} bookings").format(num=count)
        advice = _("If you can’t make a booking, propose another time. We’ll tell the guest.")
        action, path = _("See what needs attention"), "/bookings?show=needs_attention"
    more = ngettext("And {num} more booking.", "And {num} more bookings.", about.more).format(num=about.more)
    return NoticeWords(
        subject,
        (
            *(_overlapped(each, about.timezone) for each in about.listed),
            *((more,) if about.more else ()),
            joined(_("Nothing changes unless you act."), advice),
        ),
        action,
        path,
    )


def _overlapped(each: notices.OverlappedBooking, zone: str) -> str:
    return _("“{title}” with {guest}: {start} ({zone}). The event in “{calendar}”: {event}.").format(
        title=each.title,
        guest=each.guest,
        start=starts(each.start, zone),
        zone=zone_name(zone),
        calendar=each.calendar,
        event=span_words(each.event, zone),
    )


def _connection_removed(name: str) -> NoticeWords:
    return NoticeWords(
        _("Action needed: {name} is no longer connected").format(name=name),
        (
            _("TimeTuna was removed from your {name} account, so we deleted our access.").format(name=name),
            _meanwhile(),
            _("To use {name} again, connect it under Connected providers.").format(name=name),
        ),
        _("Connect {name}").format(name=name),
        PROVIDERS_PATH,
    )


def _meanwhile() -> str:
    return _(
        "Existing bookings keep their links. New bookings use your other options. Pages without another option stop "
        "accepting bookings until then."
    )


def _guest_could_not_book(about: notices.GuestCouldNotBook) -> NoticeWords:
    return NoticeWords(
        _("Action needed: a guest couldn’t book on “{page}”").format(page=about.page_title),
        (
            _("A guest tried to book on “{page}”, but none of its meeting types works. Nothing was booked.").format(
                page=about.page_title
            ),
            *(_meeting_type_status(each) for each in about.meeting_types),
            _("Connect the account again, or turn on another meeting type. Applies to new bookings."),
        ),
        _("Open Connected providers"),
        PROVIDERS_PATH,
    )


def _meeting_type_status(status: notices.MeetingTypeStatus) -> str:
    name = label(status.meeting_type)
    if status.obstacle is None:
        return _("{meeting_type}: works").format(meeting_type=name)
    return _("{meeting_type}: {reason}").format(meeting_type=name, reason=obstacle_words(status.obstacle))

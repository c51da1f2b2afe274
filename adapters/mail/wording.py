"""What guest and host are told about a booking, in words."""

from datetime import datetime

from adapters.mail.letter import Detail, Letter, Link
from adapters.mail.links import is_link, join_words, meeting_id_words
from adapters.mail.origin import Origin
from adapters.mail.people import Pair, Person, title_of
from adapters.mail.place import in_a_sentence, place_lines
from adapters.mail.times import in_subject, in_text, start_in_text, without_zone
from application.ports.mail import BookingMail, MailKind, Notice
from domain.booking import Booking
from domain.conference import Failed, Failure, Pending, Ready
from domain.connection import PROVIDER_NAMES
from domain.events import Party
from domain.meeting_type import name_of
from domain.text import one_line, several_lines

_SUBJECTS: dict[MailKind, str] = {
    "confirmed": "Confirmed",
    "updated": "Updated",
    "link_added": "Link added",
    "link_replaced": "New link",
    "rescheduled": "Rescheduled",
    "cancelled": "Cancelled",
    "reminder": "Reminder",
}
_GUEST_HEADLINES: dict[MailKind, str] = {
    "confirmed": "Your booking is confirmed",
    "updated": "Your booking has changed",
    "link_added": "Here is your join link",
    "link_replaced": "Your booking has a new join link",
    "rescheduled": "Your booking has a new time",
    "cancelled": "Your booking is cancelled",
    "reminder": "Your booking is coming up",
}
_HOST_HEADLINES: dict[MailKind, str] = {
    "confirmed": "You have a new booking",
    "updated": "A booking has changed",
    "link_added": "The join link is here",
    "link_replaced": "A booking has a new join link",
    "rescheduled": "A booking has a new time",
    "cancelled": "A booking is cancelled",
    "reminder": "A booking is coming up",
}

_INVITATION = ("The attached invitation puts it into your calendar.",)
_FILES: dict[MailKind, tuple[str, ...]] = {
    "cancelled": ("The attached cancellation takes it out of your calendar.",),
    "reminder": (),
}


def letter_to_guest(mail: BookingMail, origin: Origin) -> Letter:
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    host, zone = people.host.name, booking.guest.timezone
    cancelled = mail.kind == "cancelled"
    return Letter(
        subject=_subject(_SUBJECTS[mail.kind], mail, host, zone),
        headline=_GUEST_HEADLINES[mail.kind],
        about=f"{title_of(booking.title)} with {host}",
        paragraphs=_said(
            _who_changed_it(mail, host, "You"),
            *(() if cancelled else (_fallback(booking, "You"), _link_for_guest(mail, host))),
        ),
        action=_join(booking),
        details=(*_time_and_place(mail, people, zone), *_dial_in(booking), *_reason(mail)),
        page=Link(
            "See your booking, or book again" if cancelled else "Reschedule or cancel", origin.page_for_guest(booking)
        ),
        closing=_closing(mail, people.host),
    )


def letter_to_host(mail: BookingMail, origin: Origin) -> Letter:
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    guest, zone, page = people.guest.name, booking.host_timezone, origin.page_for_host(booking)
    cancelled = mail.kind == "cancelled"
    lost = not cancelled and isinstance(booking.conference, Failed)
    told = (_zoom_keeps(booking),) if cancelled else (_fallback(booking, guest), _link_for_host(mail, guest))
    told = (_who_changed_it(mail, "You", guest), *told)
    return Letter(
        subject=_subject("Action needed: no join link for" if lost else _SUBJECTS[mail.kind], mail, guest, zone),
        headline="Action needed: no join link" if lost else _HOST_HEADLINES[mail.kind],
        about=f"{title_of(booking.title)} with {guest}",
        paragraphs=_said(*told),
        action=Link("Try again or add a link", page) if lost else _join(booking),
        details=(
            *_time_and_place(mail, people, zone),
            *_dial_in(booking),
            *_reason(mail),
            *_about_guest(booking, guest),
        ),
        page=None if lost else Link("Open this booking", page),
        closing=_closing(mail, people.guest),
    )


def letter_of(notice: Notice, origin: Origin) -> Letter:
    subject = one_line(notice.subject)
    return Letter(
        subject=subject,
        headline=subject,
        paragraphs=tuple(several_lines(each) for each in notice.paragraphs),
        action=Link(one_line(notice.action), origin.page_at(notice.path)),
        closing=("Sent by TimeTuna to the owner of this account.",),
    )


def _subject(begins: str, mail: BookingMail, other: str, zone: str) -> str:
    colon = "" if begins.endswith(" for") else ":"
    what = f"{begins}{colon} {title_of(mail.booking.title)} with {other}"
    was = _start_told_before(mail)
    earlier = f", was {without_zone(was, zone)}" if was else ""
    return f"{what}, {in_subject(mail.booking.slot.start, zone)}{earlier}"


def _start_told_before(mail: BookingMail) -> datetime | None:
    """The time that this reader has in mind, where it is no longer right."""
    if mail.kind != "rescheduled":
        return None
    told = [each.start for each in mail.earlier if each.revision < mail.booking.revision]
    start = told[-1] if told else mail.booking.previous_start
    return None if start == mail.booking.slot.start else start


def _said(*sentences: str | None) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _fallback(booking: Booking, who: str) -> str | None:
    if booking.fell_back is None or booking.requested == name_of(booking.meeting_type):
        return None
    asked, used = in_a_sentence(booking.requested), in_a_sentence(name_of(booking.meeting_type))
    return f"{who} asked for {asked}. It will be {used} instead. The reason: {_sentence(booking.fell_back)}"


def _who_changed_it(mail: BookingMail, host: str, guest: str) -> str | None:
    """`host` and `guest` as the reader calls them."""
    names: dict[Party, str] = {"host": host, "guest": guest}
    booking = mail.booking
    match mail.kind:
        case "cancelled" if booking.cancelled_by:
            return f"{names[booking.cancelled_by]} cancelled this booking."
        case "rescheduled" if booking.moved_by:
            return f"{names[booking.moved_by]} moved this booking."
        case _:
            return None


def _link_for_guest(mail: BookingMail, host: str) -> str | None:
    match mail.booking.conference:
        case Pending():
            return "The link follows by mail as soon as it is there. You will also find it on your booking’s page."
        case Failed():
            return f"{host} will send the link."
        case Ready():
            return "The join link stays the same." if _link_was_kept(mail) else _use_the_new_one(mail)
        case _:
            return None


def _use_the_new_one(mail: BookingMail) -> str | None:
    return "Please use this join link from now on; the one before is no longer right." if _replaced(mail) else None


def _replaced(mail: BookingMail) -> bool:
    return mail.booking.last_change == "link_replaced" and mail.kind != "reminder"


def _link_for_host(mail: BookingMail, guest: str) -> str | None:
    match mail.booking.conference:
        case Pending(provider=provider, failure=failure):
            late = f"{PROVIDER_NAMES[provider]} hasn’t created the meeting yet"
            why = f": {_sentence(failure.message)}" if failure else "."
            return f"{late}{why} We keep trying; the link follows by mail as soon as it is there."
        case Failed(failure=failure):
            return _way_out(failure, guest)
        case Ready(provider="zoom") if _link_was_kept(mail):
            return (
                "The join link stays the same. Zoom still shows the old time, because TimeTuna "
                "can’t change meetings in your Zoom account."
            )
        case Ready():
            return "The join link stays the same." if _link_was_kept(mail) else _use_the_new_one(mail)
        case _:
            return None


def _way_out(failure: Failure, guest: str) -> str:
    return (
        f"This booking has no join link: {_sentence(failure.message)} {guest} was told that you will send the link. "
        "On the booking’s page you can reconnect the account, try again, add a link yourself, or switch to another "
        "meeting type. You can also reschedule or cancel."
    )


def _link_was_kept(mail: BookingMail) -> bool:
    # A link that came after the move says so in the last change, and is a new meeting's.
    return mail.kind == "rescheduled" and mail.booking.last_change == "rescheduled"


def _zoom_keeps(booking: Booking) -> str | None:
    match booking.conference:
        case Ready(provider="zoom") as ready:
            number = meeting_id_words(ready)
            which = f" (meeting ID {number})" if number else ""
            return f"The Zoom meeting stays in your Zoom account{which}. You can delete it there."
        case _:
            return None


def _join(booking: Booking) -> Link | None:
    match booking.conference:
        case Ready() as ready if booking.status == "confirmed" and is_link(ready.join_url):
            return Link(join_words(ready), ready.join_url)
        case _:
            return None


def _time_and_place(mail: BookingMail, people: Pair, zone: str) -> tuple[Detail, ...]:
    was = _start_told_before(mail)
    return (
        Detail("When", in_text(mail.booking.slot, zone)),
        *((Detail("Before", start_in_text(was, zone)),) if was else ()),
        Detail("Where", place_lines(mail.booking, people, mail.party)),
    )


def _dial_in(booking: Booking) -> tuple[Detail, ...]:
    match booking.conference:
        case Ready() as ready if booking.status == "confirmed":
            known = (("Meeting ID", meeting_id_words(ready)), ("Passcode", one_line(ready.passcode or "", 100)))
            return tuple(Detail(label, (value,)) for label, value in known if value)
        case _:
            return ()


def _reason(mail: BookingMail) -> tuple[Detail, ...]:
    reasons = {"cancelled": mail.booking.cancel_reason, "rescheduled": mail.booking.move_reason}
    reason = several_lines(reasons.get(mail.kind, ""))
    return (Detail("Reason", tuple(reason.split("\n"))),) if reason else ()


def _about_guest(booking: Booking, name: str) -> tuple[Detail, ...]:
    guest = [name, one_line(booking.guest.email, 254)]
    guest += [one_line(booking.guest.phone, 40)] if booking.guest.phone else []
    answers = (
        Detail(one_line(each.question), tuple(several_lines(each.answer).split("\n"))) for each in booking.answers
    )
    return Detail("Guest", tuple(guest)), *answers


def _closing(mail: BookingMail, other: Person) -> tuple[str, ...]:
    answer = f" If you answer this mail, {other.name} gets it." if other.address else ""
    return *_FILES.get(mail.kind, _INVITATION), f"Sent by TimeTuna.{answer}"


def _sentence(text: str) -> str:
    words = one_line(text, 500)
    return words if words.endswith((".", "!", "?")) else f"{words}."

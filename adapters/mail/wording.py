"""The wording of mails about a booking, for guest and host."""

from datetime import datetime

from adapters.mail.letter import PRODUCT, Detail, Emblem, Exact, Letter, Link
from adapters.mail.origin import MailOrigin
from adapters.mail.people import Pair, Person, is_plain_address, title_of
from adapters.mail.place import place_lines
from adapters.mail.times import in_subject, in_text, start_in_text, without_zone
from adapters.presentation.brand import Brand
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from adapters.presentation.phone_numbers import international
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.calendar_problems import for_writing
from adapters.presentation.sentences.fallbacks import booked_instead, fallback_words, now_instead
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meetings import join_words, meeting_id_words, meeting_stays
from adapters.presentation.sentences.notices import needs_action, notice_words
from adapters.presentation.sentences.provider_problems import for_host
from adapters.presentation.sentences.timeline import cancellation_reason
from adapters.presentation.zone_names import zone_name
from application.ports.mail import BookingMail, ConfirmationMail, Invitee, MailKind, Notice, ProposalMail
from domain.booking import Booking
from domain.booking_page import LONGEST_ANSWER
from domain.conference import Failed, Failure, Pending, Ready
from domain.host import Host
from domain.person import LONGEST_EMAIL
from domain.provider import about
from domain.text import one_line, several_lines

_SUBJECTS: dict[MailKind, str] = {
    "confirmed": marked("Confirmed: {title} with {name}, {time}"),
    "updated": marked("Updated: {title} with {name}, {time}"),
    "link_added": marked("Link added: {title} with {name}, {time}"),
    "link_replaced": marked("New link: {title} with {name}, {time}"),
    "rescheduled": marked("Rescheduled: {title} with {name}, {time}"),
    "cancelled": marked("Cancelled: {title} with {name}, {time}"),
    "reminder": marked("Reminder: {title} with {name}, {time}"),
}
_SUBJECT_OF_FALLBACK = marked("{headline}: {title} with {name}, {time}")
_SUBJECT_WITHOUT_LINK = marked("Action needed: no join link for {title} with {name}, {time}")
_INVITEE_SUBJECTS: dict[MailKind, str] = {
    **_SUBJECTS,
    "confirmed": marked("Invitation: {title} with {name}, {time}"),
    "left": marked("You’ve left: {title} with {name}, {time}"),
}
_GUEST_HEADLINES: dict[MailKind, str] = {
    "confirmed": marked("Your booking is confirmed"),
    "updated": marked("Your booking has changed"),
    "link_added": marked("Here is your join link"),
    "link_replaced": marked("Your booking has a new join link"),
    "rescheduled": marked("Your booking has a new time"),
    "cancelled": marked("Your booking is cancelled"),
    "reminder": marked("Your booking is coming up"),
}
_INVITEE_HEADLINES: dict[MailKind, str] = {
    "confirmed": marked("{guest} invited you to a meeting"),
    "updated": marked("Your meeting has changed"),
    "link_added": marked("Here is your join link"),
    "link_replaced": marked("Your meeting has a new join link"),
    "rescheduled": marked("Your meeting has a new time"),
    "cancelled": marked("Your meeting is cancelled"),
    "reminder": marked("Your meeting is coming up"),
    "left": marked("You’ve left this meeting"),
}
_HOST_HEADLINES: dict[MailKind, str] = {
    "confirmed": marked("You have a new booking"),
    "updated": marked("A booking has changed"),
    "link_added": marked("The join link is here"),
    "link_replaced": marked("A booking has a new join link"),
    "rescheduled": marked("A booking has a new time"),
    "cancelled": marked("A booking is cancelled"),
    "reminder": marked("A booking is coming up"),
}

AMBER = Brand("#b45309")
"""Of mails whose reader may not agree to what they tell."""

ALERT = Brand("#b42318")
"""Of mails whose reader has to act."""

_INVITATION = (marked("The attached invite updates your calendar."),)
_COPY = (marked("We update your calendar ourselves. The attached file is a copy."),)
_FILES: dict[MailKind, tuple[str, ...]] = {
    **dict.fromkeys(("cancelled", "left"), (marked("The attached file removes it from your calendar."),)),
    "reminder": (),
}


def letter_to_guest(mail: BookingMail, origin: MailOrigin) -> Letter:
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    host, zone, page = people.host.name, booking.contact.timezone, origin.page_for_guest(booking)
    cancelled = mail.kind == "cancelled"
    more = _("See your booking, or book again") if cancelled else _("Reschedule or cancel")
    return Letter(
        subject=_subject(_subject_words(mail), mail, host, zone),
        headline=_fallback_headline(mail) or _(_GUEST_HEADLINES[mail.kind]),
        about=_("{title} with {name}").format(title=title_of(booking.title), name=host),
        time=in_subject(booking.slot.start, zone),
        paragraphs=_said(
            _who_changed_it(mail, host),
            *(() if cancelled else (_fallback(mail, people), _link_for_guest(mail, host))),
        ),
        action=_join(booking),
        details=(*_time_and_place(mail, people, zone), *_dial_in(booking), *_reason(mail), *_answers(booking)),
        page=None if mail.host_is_leaving or page is None else Link(more, page),
        closing=_closing(mail, people.host),
        stop=_stop(origin.unsubscribe(mail.unsubscribe), host),
        cancelled=cancelled,
        brand=_brand_of(mail),
        emblem=_emblem(mail.host, host, origin),
    )


def letter_to_invitee(mail: BookingMail, invitee: Invitee, origin: MailOrigin) -> Letter:
    """What the guest is told, for somebody who came along: without answers, numbers and the link to the booking."""
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    host, guest, zone = people.host.name, people.guest.name, booking.contact.timezone
    ended = mail.kind in {"cancelled", "left"}
    return Letter(
        subject=_subject(_INVITEE_SUBJECTS[mail.kind], mail, host, zone),
        headline=_(_INVITEE_HEADLINES[mail.kind]).format(guest=guest),
        about=_("{title} with {name}").format(title=title_of(booking.title), name=host),
        time=in_subject(booking.slot.start, zone),
        paragraphs=_said(
            _who_changed_it_of_two(mail, people),
            _("Nothing changes for {guest} and everyone else.").format(guest=guest) if mail.kind == "left" else None,
            None if ended else _link_for_invitee(mail, host),
        ),
        action=None if ended else _join(booking),
        details=(
            *_time_and_place(mail, people, zone),
            *(() if ended else _dial_in(booking)),
            *(_reason(mail) if _changed_by_host(mail) else ()),
            Detail(_("Invited by"), (guest,)),
        ),
        page=None
        if ended or mail.host_is_leaving
        else Link(_("Can’t come? Leave this meeting"), origin.page_to_leave(invitee.leave)),
        closing=_said(
            *(_(each) for each in _FILES.get(mail.kind, _INVITATION)),
            _("Sent by TimeTuna for {name} because {guest} added this email address to a booking.").format(
                name=host, guest=guest
            ),
            _("Reply to reach {name}.").format(name=host) if people.host.address and not mail.host_is_leaving else None,
        ),
        stop=_stop(origin.unsubscribe(mail.unsubscribe), host),
        cancelled=ended,
        brand=_brand(mail.brand_color),
        emblem=_emblem(mail.host, host, origin),
    )


def letter_to_host(mail: BookingMail, origin: MailOrigin) -> Letter:
    booking, people = mail.booking, Pair.of(mail.booking, mail.host)
    guest, zone, page = people.guest.name, booking.host_timezone, origin.page_for_host(booking)
    cancelled = mail.kind == "cancelled"
    lost = not cancelled and isinstance(booking.conference, Failed)
    meeting_sentences = (
        (meeting_stays(booking.conference),) if cancelled else (_fallback(mail, people), _link_for_host(mail, guest))
    )
    late = _late_entry(mail)
    return Letter(
        subject=_subject(_SUBJECT_WITHOUT_LINK if lost else _subject_words(mail), mail, guest, zone),
        headline=_("Action needed: no join link")
        if lost
        else _fallback_headline(mail) or _(_HOST_HEADLINES[mail.kind]),
        about=_("{title} with {name}").format(title=title_of(booking.title), name=guest),
        time=in_subject(booking.slot.start, zone),
        paragraphs=_said(_who_changed_it(mail, guest), *meeting_sentences, late),
        action=Link(_("Try again or add a link"), page) if lost else _join(booking),
        details=(
            *_time_and_place(mail, people, zone),
            *_dial_in(booking),
            *_reason(mail),
            _about_guest(booking, guest),
            *_along(booking),
            *_answers(booking),
        ),
        page=None if lost else Link(_("Open this booking"), page),
        closing=_closing(mail, people.guest),
        cancelled=cancelled,
        brand=ALERT if lost else _brand_of(mail),
    )


def letter_to_confirm(mail: ConfirmationMail, origin: MailOrigin) -> Letter:
    """What to press, until when, and what becomes of it otherwise; answers, names and numbers are left out."""
    booking, zone = mail.booking, mail.booking.guest.timezone
    host, title = Pair.of(booking, mail.host).host.name, title_of(booking.title)
    until = _("{name} holds this time for you until {time}. Confirm your booking by then, or others can take it.")
    subject = _("Confirm your booking: {title} with {name}, {time}")
    return Letter(
        subject=subject.format(title=title, name=host, time=in_subject(booking.slot.start, zone)),
        headline=_("Confirm your booking"),
        about=_("{title} with {name}").format(title=title, name=host),
        time=in_subject(booking.slot.start, zone),
        paragraphs=(until.format(name=host, time=in_subject(mail.until, zone)),),
        action=Link(_("Confirm your booking"), origin.page_to_confirm(mail.link)),
        details=(Detail(_("When"), in_text(booking.slot, zone)),),
        closing=(
            _("Didn’t book this? Ignore this email. Nothing is booked until you confirm."),
            _("Sent by TimeTuna for {name} because someone booked with this email address.").format(name=host),
        ),
        stop=_stop(origin.unsubscribe(mail.unsubscribe), host),
        brand=_brand(mail.brand_color),
        emblem=_emblem(mail.host, host, origin),
    )


def letter_to_choose(mail: ProposalMail, origin: MailOrigin) -> Letter:
    """The proposed times, one link each; the booking keeps its own until one is taken."""
    booking, people, zone = mail.booking, Pair.of(mail.booking, mail.host), mail.booking.contact.timezone
    host, title, note = people.host.name, title_of(booking.title), several_lines(mail.proposal.note)
    links = ((each, origin.page_to_take(booking, each)) for each in mail.proposal.starts)
    page = origin.page_for_guest(booking)
    time = in_subject(booking.slot.start, zone)
    return Letter(
        subject=_("New time? {title} with {name}, {time}").format(title=title, name=host, time=time),
        headline=_("Can you make another time?"),
        about=_("{title} with {name}").format(title=title, name=host),
        time=time,
        paragraphs=_said(
            _("{name} would like to reschedule your booking. Choose the time that suits you best.").format(name=host),
            joined(
                _("Your booking keeps its time until you choose another one."),
                _("Times in {zone}.").format(zone=zone_name(zone)),
            ),
        ),
        choices=tuple(Link(without_zone(start, zone), link) for start, link in links if link),
        details=(
            Detail(_("Current time"), in_text(booking.slot, zone)),
            *((Detail(_("Note"), tuple(note.split("\n"))),) if note else ()),
        ),
        page=Link(_("See all free times"), f"{page}/reschedule") if page else None,
        closing=_said(
            _("The links work for 7 days, until your booking is rescheduled or cancelled."),
            _("Sent by TimeTuna for {name} because someone booked with this email address.").format(name=host),
            _("Reply to reach {name}.").format(name=host) if people.host.address else None,
        ),
        stop=_stop(origin.unsubscribe(mail.unsubscribe), host),
        brand=_brand(mail.brand_color),
    )


def letter_of(notice: Notice, origin: MailOrigin) -> Letter:
    words = notice_words(notice.about)
    subject = one_line(words.subject, isolates=True)
    return Letter(
        subject=subject,
        headline=subject,
        paragraphs=tuple(several_lines(each, isolates=True) for each in words.paragraphs),
        action=Link(one_line(words.action), origin.page_at(words.path)),
        closing=(_("Sent by TimeTuna to the owner of this account."),),
        brand=ALERT if needs_action(notice.about) else PRODUCT,
    )


def _subject_words(mail: BookingMail) -> str:
    return _SUBJECT_OF_FALLBACK if _fallback_headline(mail) else _SUBJECTS[mail.kind]


def _fallback_headline(mail: BookingMail) -> str | None:
    """What took the place of the meeting type that was asked for, where this mail is the first to tell."""
    booking = mail.booking
    if not booking.fell_back:
        return None
    match mail.kind:
        case "confirmed":
            return booked_instead(booking)
        case "updated" if booking.last_change == "fell_back":
            return now_instead(booking)
        case _:
            return None


def _emblem(host: Host, name: str, origin: MailOrigin) -> Emblem | None:
    url = origin.picture_of(host)
    return Emblem(url, name) if url else None


def _brand_of(mail: BookingMail) -> Brand:
    return AMBER if _fallback_headline(mail) else _brand(mail.brand_color)


def _brand(color: str | None) -> Brand:
    return Brand(color) if color else PRODUCT


def _subject(template: str, mail: BookingMail, other: str, zone: str) -> str:
    time, was = in_subject(mail.booking.slot.start, zone), _previous_start(mail)
    if was:
        time = _("{time}, was {before}").format(time=time, before=without_zone(was, zone))
    headline = _fallback_headline(mail)
    return _(template).format(title=title_of(mail.booking.title), name=other, time=time, headline=headline)


def _previous_start(mail: BookingMail) -> datetime | None:
    """The time that this reader has in mind, where it is no longer right."""
    if mail.kind != "rescheduled":
        return None
    starts = [each.start for each in mail.earlier if each.revision < mail.booking.revision]
    move = mail.booking.move
    start = starts[-1] if starts else move.from_start if move else None
    return None if start == mail.booking.slot.start else start


def _said(*sentences: str | None) -> tuple[str, ...]:
    return tuple(sentence for sentence in sentences if sentence)


def _fallback(mail: BookingMail, people: Pair) -> str | None:
    return fallback_words(mail.booking, mail.party, host=people.host.name, guest=people.guest.name)


def _who_changed_it(mail: BookingMail, other: str) -> str | None:
    """`other` is the one who doesn't read this."""
    booking = mail.booking
    match mail.kind:
        case "cancelled" if booking.cancellation:
            mine = booking.cancellation.by == mail.party
            sentence = _("You cancelled this booking.") if mine else _("{name} cancelled this booking.")
        case "rescheduled" if booking.move:
            mine = booking.move.by == mail.party
            sentence = _("You rescheduled this booking.") if mine else _("{name} rescheduled this booking.")
        case _:
            return None
    return sentence.format(name=other)


def _who_changed_it_of_two(mail: BookingMail, people: Pair) -> str | None:
    """The same for somebody who is neither of both."""
    booking = mail.booking
    match mail.kind:
        case "cancelled" if booking.cancellation:
            sentence, by = _("{name} cancelled this booking."), booking.cancellation.by
        case "rescheduled" if booking.move:
            sentence, by = _("{name} rescheduled this booking."), booking.move.by
        case _:
            return None
    return sentence.format(name=people.guest.name if by == "guest" else people.host.name)


def _changed_by_host(mail: BookingMail) -> bool:
    """Whether the host made the change: a reason that the guest typed is shown to the host alone."""
    acts = {"cancelled": mail.booking.cancellation, "rescheduled": mail.booking.move}
    act = acts.get(mail.kind)
    return act is not None and act.by == "host"


def _link_for_invitee(mail: BookingMail, host: str) -> str | None:
    if isinstance(mail.booking.conference, Pending):
        return _("The link follows by email as soon as it’s ready.")
    return _link_for_guest(mail, host)


def _link_for_guest(mail: BookingMail, host: str) -> str | None:
    match mail.booking.conference:
        case Pending():
            return _("The link follows by email as soon as it’s ready. You’ll also find it on your booking’s page.")
        case Failed():
            return _("{name} will send the link.").format(name=host)
        case Ready():
            return _("The join link stays the same.") if _link_was_kept(mail) else _use_the_new_one(mail)
        case _:
            return None


def _use_the_new_one(mail: BookingMail) -> str | None:
    return _("Use this join link from now on instead of the old one.") if _replaced(mail) else None


def _replaced(mail: BookingMail) -> bool:
    return mail.booking.last_change == "link_replaced" and mail.kind != "reminder"


def _link_for_host(mail: BookingMail, guest: str) -> str | None:
    match mail.booking.conference:
        case Pending(provider=provider, failure=failure):
            late = (
                _(
                    "{provider} hasn’t created the meeting yet: {reason} We keep trying. The link follows by email as "
                    "soon as it’s ready."
                )
                if failure
                else _(
                    "{provider} hasn’t created the meeting yet. We keep trying. The link follows by email as soon as "
                    "it’s ready."
                )
            )
            reason = for_host(failure.problem) if failure else ""
            return late.format(provider=words_of(provider).name, reason=reason)
        case Failed(failure=failure):
            return _host_actions(failure, guest)
        case Ready(provider=str() as provider) if _link_was_kept(mail) and about(provider).shows_meetings:
            return _(
                "The join link stays the same. {name} still shows the old time, because TimeTuna "
                "can’t change meetings in your {name} account."
            ).format(name=words_of(provider).name)
        case Ready():
            return _("The join link stays the same.") if _link_was_kept(mail) else _use_the_new_one(mail)
        case _:
            return None


def _late_entry(mail: BookingMail) -> str | None:
    entry = mail.booking.entry
    if not mail.entry_is_late or entry is None:
        return None
    reason = for_writing(entry.problem) if entry.problem else ""
    return joined(_("Your calendar doesn’t show the latest state of this booking yet."), reason)


def _host_actions(failure: Failure, guest: str) -> str:
    sentence = _(
        "This booking has no join link: {reason} {guest} expects the link from you. On the booking’s page "
        "you can reconnect the account, try again, add a link, or switch to another meeting type. You can "
        "also reschedule or cancel."
    )
    return sentence.format(reason=for_host(failure.problem), guest=guest)


def _link_was_kept(mail: BookingMail) -> bool:
    # A link that came after the move says so in the last change, and is a new meeting's.
    return mail.kind == "rescheduled" and mail.booking.last_change == "rescheduled"


def _join(booking: Booking) -> Link | None:
    match booking.conference:
        case Ready() as ready if booking.status == "confirmed":
            return Link(join_words(ready), ready.join_url)
        case _:
            return None


def _time_and_place(mail: BookingMail, people: Pair, zone: str) -> tuple[Detail, ...]:
    was = _previous_start(mail)
    return (
        Detail(_("When"), in_text(mail.booking.slot, zone)),
        *((Detail(_("Before"), start_in_text(was, zone)),) if was else ()),
        Detail(_("Where"), place_lines(mail.booking, people, "invitee" if mail.invitee else mail.party)),
    )


def _dial_in(booking: Booking) -> tuple[Detail, ...]:
    match booking.conference:
        case Ready() as ready if booking.status == "confirmed":
            passcode = one_line(ready.passcode or "", 100)
            known = ((_("Meeting ID"), meeting_id_words(ready)), (_("Passcode"), passcode))
            return tuple(Detail(label, (Exact(value),)) for label, value in known if value)
        case _:
            return ()


def _reason(mail: BookingMail) -> tuple[Detail, ...]:
    acts = {"cancelled": mail.booking.cancellation, "rescheduled": mail.booking.move}
    act = acts.get(mail.kind)
    reason = several_lines(cancellation_reason(act.reason)) if act else ""
    return (Detail(_("Reason"), tuple(reason.split("\n"))),) if reason else ()


def _about_guest(booking: Booking, name: str) -> Detail:
    email = one_line(booking.contact.email, LONGEST_EMAIL)
    phone = (international(booking.contact.phone),) if booking.contact.phone else ()
    return Detail(_("Guest"), (name, Exact(email) if is_plain_address(email) else email, *phone))


def _along(booking: Booking) -> tuple[Detail, ...]:
    emails = [one_line(each.email, LONGEST_EMAIL) for each in booking.invited.values()]
    shown = tuple(Exact(each) if is_plain_address(each) else each for each in emails)
    return (Detail(_("Additional guests"), shown),) if shown else ()


def _answers(booking: Booking) -> tuple[Detail, ...]:
    return tuple(
        Detail(one_line(each.question), tuple(several_lines(each.answer, LONGEST_ANSWER).split("\n")))
        for each in booking.answers
    )


def _stop(unsubscribe: str | None, host: str) -> Link | None:
    if unsubscribe is None:
        return None
    return Link(_("Stop all emails from {name} and everyone else on this server").format(name=host), unsubscribe)


def _closing(mail: BookingMail, other: Person) -> tuple[str, ...]:
    said = _COPY if mail.is_in_calendar and mail.kind != "reminder" else _FILES.get(mail.kind, _INVITATION)
    files = tuple(map(_, said))
    why = (
        _("Sent by TimeTuna for {name} because someone booked with this email address.").format(name=other.name)
        if mail.party == "guest"
        else _("Sent by TimeTuna because you accept bookings with it.")
    )
    if other.address is None or mail.host_is_leaving:
        return *files, why
    return *files, why, _("Reply to reach {name}.").format(name=other.name)

"""Booking diagnosis: why a meeting is missing, the checks in order, and the next step.

The order is that of the help page's troubleshooting: connected, permitted, set to it.
"""

from typing import Literal

import msgspec

from adapters.http.web.provider_status import ProviderOverview, doubt_words, is_set_to, limit_words, problem_words
from adapters.http.web.settings.provider_words import asking
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.provider_problems import for_host
from adapters.presentation.times import starts
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.fallback import ChosenByHost
from domain.host import Host
from domain.meeting_type import MeetingTypeName, names_of, online_type, provider_of
from domain.provider import Provider

Step = Literal["connect", "reconnect", "retry", "use", "open_page"]


class Check(msgspec.Struct, frozen=True):
    """One thing to check; `fine` is None where it can't be told before the one above is mended."""

    title: str
    fine: bool | None
    words: str
    page: BookingPage | None = None


class Diagnosis(msgspec.Struct, frozen=True):
    """What was checked; `step` is None where nothing but waiting helps, or the host's own link."""

    overview: ProviderOverview
    checks: tuple[Check, ...]
    step: Step | None
    advice: str

    @property
    def uses(self) -> MeetingTypeName:
        return names_of(self.overview.provider)[0]


def missing(booking: Booking) -> Provider | None:
    """Whose meeting a booking should have and hasn't; one that is just being made isn't missing."""
    match booking.conference:
        case Pending(failure=None, announced=None):
            return None
        case Failed() | Pending():
            return provider_of(booking.meeting_type)
        case NoConference() | Ready():
            pass
    if booking.fallback is None or isinstance(booking.fallback, ChosenByHost):
        return None
    asked_for = online_type(booking.requested)
    return provider_of(asked_for) if asked_for else None


def of_booking(booking: Booking, page: BookingPage | None, overview: ProviderOverview, host: Host) -> Diagnosis:
    """For one booking: what is right already leads to making its meeting after all."""
    checks = (_connected(overview, host), _permitted(overview, host), *((_set_to(page, overview),) if page else ()))
    fell_back = booking.fallback is not None
    step, advice = _mending(overview, fell_back=fell_back)
    if step is None and not advice:
        if isinstance(booking.conference, Pending) and booking.conference.failure is not None:
            return _still_tried(Diagnosis(overview, checks, "retry", ""), booking.conference.failure)
        if fell_back:
            step, words = "use", _("You can use {product} again. We’ll email your guest if you switch.")
        else:
            step, words = "retry", _("{product} looks ready to use again.")
        advice = words.format(product=overview.product)
    return Diagnosis(overview, checks, step, advice)


def _still_tried(diagnosis: Diagnosis, failure: Failure) -> Diagnosis:
    """The diagnosis where every check passes and the last attempt failed nevertheless."""
    title = _("Did {name} create the last meeting?").format(name=diagnosis.overview.name)
    answered = Check(title, fine=False, words=for_host(failure.problem))
    advice = (
        _("Ask your administrator. You can also add your own join link.")
        if failure.type == "misconfigured"
        else _("Nothing to do. We’ll keep trying until the meeting starts.")
    )
    return msgspec.structs.replace(diagnosis, checks=(*diagnosis.checks, answered), advice=advice)


def of_host(pages: list[BookingPage], overview: ProviderOverview, host: Host) -> Diagnosis:
    """For all of a host's pages."""
    not_set = [each for each in pages if not _is_on(each, overview.provider)]
    checks = (
        _connected(overview, host),
        _permitted(overview, host),
        *(_set_to(each, overview) for each in (not_set or pages[:1])),
    )
    step, advice = _mending(overview, fell_back=False)
    if step == "retry":
        # Here is no meeting to ask for; a limit passes by itself, and connecting again asks the account anew.
        step = "reconnect" if overview.problem else None
    elif step is None and not advice and not_set:
        step = "open_page"
    return Diagnosis(overview, checks, step, advice)


def _connected(overview: ProviderOverview, host: Host) -> Check:
    name, title = overview.name, _("Is {name} still connected?").format(name=overview.name)
    match overview.status:
        case "not_configured":
            return Check(title, fine=False, words=_("{name} is not set up on this server.").format(name=name))
        case "not_connected":
            words = _("No {name} account is connected. Either you disconnected it here, or it was removed at {name}.")
            return Check(title, fine=False, words=words.format(name=name))
        case "needs_reconnect":
            return Check(title, fine=False, words=problem_words(overview))
        case _ if overview.may_have_ended:
            return Check(title, fine=False, words=doubt_words(overview))
        case _:
            connection = overview.connection
            if connection is None:
                return Check(title, fine=True, words=_("Yes."))
            since = starts(connection.connected_at, host.timezone)
            words = _("Yes, as {email}, since {since}.").format(email=connection.account.email, since=since)
            return Check(title, fine=True, words=words)


def _permitted(overview: ProviderOverview, host: Host) -> Check:
    title = _("Can your {name} account create meetings?").format(name=overview.name)
    match overview.status:
        case "blocked":
            return Check(title, fine=False, words=problem_words(overview))
        case "connected" if overview.limited_until:
            return Check(title, fine=False, words=limit_words(overview))
        case "connected":
            last = overview.connection.last_meeting_at if overview.connection else None
            if last is None:
                return Check(title, fine=None, words=_("We don’t know yet. No meeting has been created so far."))
            words = _("Yes, on {time}.").format(time=starts(last, host.timezone))
            return Check(title, fine=True, words=words)
        case _:
            words = _("That shows once {name} is connected.").format(name=overview.name)
            return Check(title, fine=None, words=words)


def _set_to(page: BookingPage, overview: ProviderOverview) -> Check:
    product = overview.product
    title = _("Is “{page}” set to {product}?").format(page=page.title, product=product)
    if is_set_to(page, overview.provider):
        return Check(title, fine=True, words=_("Yes, {product} is the first choice there.").format(product=product))
    if _is_on(page, overview.provider):
        return Check(title, fine=True, words=_("Yes, {product} is one of the choices there.").format(product=product))
    words = _("No, {product} is turned off there.").format(product=product)
    return Check(title, fine=False, words=words, page=page)


def _is_on(page: BookingPage, provider: Provider) -> bool:
    return any(provider_of(each) == provider for each in page.meeting_types)


def _mending(overview: ProviderOverview, *, fell_back: bool) -> tuple[Step | None, str]:
    """What mends the connection, if anything is wrong with it."""
    name = overview.name
    then = (
        _("Then come back here to switch back to {product}.").format(product=overview.product)
        if fell_back
        else _("We then create the links of upcoming bookings that are still waiting.")
    )
    match overview.status:
        case "not_configured":
            return None, _("Ask your administrator. You can also add your own join link.")
        case "not_connected":
            return "connect", then
        case "needs_reconnect":
            return "reconnect", then
        case "blocked":
            # Only asking again shows that it is allowed by now; after a fallback there is no meeting to ask for.
            return "reconnect" if fell_back else "retry", joined(asking(name), _("Once that is done, come back here."))
        case _ if overview.may_have_ended:
            return "reconnect", ""
        case _ if overview.limited_until and not fell_back:
            return "retry", _("After that we try again automatically until the meeting starts.")
        case _:
            return None, ""

"""The texts of a booking's entry in its host's calendar."""

from adapters.mail.event_words import about_guest, cut, dial_in, how_to_meet, location_of
from adapters.mail.inert import inert
from adapters.mail.people import Pair, title_of
from adapters.presentation.language import ENGLISH_ALONE, Languages, speaking
from adapters.presentation.language import gettext as _
from domain.booking import Booking, ErasedGuest
from domain.calendar_entry import EntryContent, entry_title
from domain.conference import Pending, Ready
from domain.host import Host
from domain.meeting_type import LONGEST_PLACE, InPerson
from domain.text import one_line


class BookingEntryTexts:
    """Says what the host's invitation says, the guest's name first, and the link before all else."""

    def __init__(self, public_url: str, languages: Languages = ENGLISH_ALONE) -> None:
        self._public_url = public_url.rstrip("/")
        self._languages = languages

    def content(self, booking: Booking, host: Host, /) -> EntryContent:
        with speaking(self._languages.of(host.language)):
            page = _("Your booking: {link}").format(link=f"{self._public_url}/bookings/{booking.id}")
            if isinstance(booking.guest, ErasedGuest):
                return EntryContent(
                    slot=booking.slot,
                    title=inert(entry_title(None, title_of(booking.title))),
                    location=_place_without_guest(booking),
                    description="\n".join([*_link(booking), page]),
                )
            people = Pair.of(booking, host)
            lines = [*_how_to_meet(booking, people), "", *about_guest(booking, people.guest)]
            return EntryContent(
                slot=booking.slot,
                title=inert(entry_title(people.guest.name, title_of(booking.title))),
                location=location_of(booking, people),
                # However long the answers are, the link to all of them stays.
                description=cut("\n".join(lines)) + f"\n\n{page}",
            )


def _how_to_meet(booking: Booking, people: Pair) -> list[str]:
    match booking.conference:
        case Ready() as ready:
            return [*_link(booking), *dial_in(ready)]
        case Pending():
            return [_("The join link follows.")]
        case _:
            return how_to_meet(booking, people, "host")


def _link(booking: Booking) -> list[str]:
    """Alone on its line, where programs with a button to join look for it."""
    match booking.conference:
        case Ready() as ready:
            return [one_line(ready.join_url, 2000)]
        case _:
            return []


def _place_without_guest(booking: Booking) -> str:
    match booking.conference, booking.meeting_type:
        case Ready() as ready, _:
            return one_line(ready.join_url, 2000)
        case _, InPerson(address=address):
            return inert(one_line(address, LONGEST_PLACE))
        case _:
            return ""

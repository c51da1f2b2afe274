"""The title of a meeting at its provider, in the language of the host whose account it is in."""

from adapters.presentation.language import Languages, speaking
from adapters.presentation.language import gettext as _
from application.ports.meetings import MeetingRequest


def meeting_topic(request: MeetingRequest, languages: Languages) -> str:
    with speaking(languages.of(request.language)):
        sentence = _("{title}: {host} and {guest}")
    return sentence.format(title=request.title, host=request.host_name, guest=request.guest_name)


def meeting_agenda(request: MeetingRequest, languages: Languages) -> str:
    with speaking(languages.of(request.language)):
        sentence = _("Booked by {guest} with TimeTuna.")
    return sentence.format(guest=request.guest_name)

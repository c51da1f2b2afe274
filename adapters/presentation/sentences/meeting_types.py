"""Sentences about the meeting types: one of its own for each, as names inside sentences decline elsewhere."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.providers import words_of
from domain.events import Party
from domain.meeting_type import MeetingTypeName


def label(name: MeetingTypeName) -> str:
    """The name on its own, such as on a button."""
    match name:
        case "zoom":
            return words_of("zoom").product
        case "google_meet":
            return words_of("google").product
        case "microsoft_teams":
            return words_of("microsoft").product
        case "phone":
            return _("Phone call")
        case "in_person":
            return _("In person")
        case _:
            assert_never(name)


def asked_for(name: MeetingTypeName, guest: str, reader: Party) -> str:
    """What the guest wanted."""
    match name:
        case "zoom":
            sentence = (
                _("You asked for a Zoom meeting.") if reader == "guest" else _("{guest} asked for a Zoom meeting.")
            )
        case "google_meet":
            sentence = (
                _("You asked for a Google Meet call.")
                if reader == "guest"
                else _("{guest} asked for a Google Meet call.")
            )
        case "microsoft_teams":
            sentence = (
                _("You asked for a Microsoft Teams meeting.")
                if reader == "guest"
                else _("{guest} asked for a Microsoft Teams meeting.")
            )
        case "phone":
            sentence = _("You asked for a phone call.") if reader == "guest" else _("{guest} asked for a phone call.")
        case "in_person":
            sentence = (
                _("You asked for a meeting in person.")
                if reader == "guest"
                else _("{guest} asked for a meeting in person.")
            )
        case _:
            assert_never(name)
    return sentence.format(guest=guest)


def will_be(name: MeetingTypeName) -> str:
    """What is used instead."""
    match name:
        case "zoom":
            return _("It will be a Zoom meeting instead.")
        case "google_meet":
            return _("It will be a Google Meet call instead.")
        case "microsoft_teams":
            return _("It will be a Microsoft Teams meeting instead.")
        case "phone":
            return _("It will be a phone call instead.")
        case "in_person":
            return _("It will be a meeting in person instead.")
        case _:
            assert_never(name)


def is_now(name: MeetingTypeName) -> str:
    """What the host has switched to."""
    match name:
        case "zoom":
            return _("It is a Zoom meeting now.")
        case "google_meet":
            return _("It is a Google Meet call now.")
        case "microsoft_teams":
            return _("It is a Microsoft Teams meeting now.")
        case "phone":
            return _("It is a phone call now.")
        case "in_person":
            return _("It is a meeting in person now.")
        case _:
            assert_never(name)


def fell_back_from(name: MeetingTypeName) -> str:
    """A badge on a booking that uses another type than this one."""
    match name:
        case "zoom":
            return _("Fell back from Zoom")
        case "google_meet":
            return _("Fell back from Google Meet")
        case "microsoft_teams":
            return _("Fell back from Microsoft Teams")
        case "phone":
            return _("Fell back from a phone call")
        case "in_person":
            return _("Fell back from meeting in person")
        case _:
            assert_never(name)


def switch_to(name: MeetingTypeName) -> str:
    """A button."""
    match name:
        case "zoom":
            return _("Switch to Zoom")
        case "google_meet":
            return _("Switch to Google Meet")
        case "microsoft_teams":
            return _("Switch to Microsoft Teams")
        case "phone":
            return _("Switch to Phone call")
        case "in_person":
            return _("Switch to In person")
        case _:
            assert_never(name)

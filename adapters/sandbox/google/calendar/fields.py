"""Partial answers: `fields=items(id,start),nextPageToken` leaves everything else out.

Source: Google Calendar API, "Improve performance: Working with partial resources".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from adapters.sandbox.google.calendar.errors import invalid

Mask: TypeAlias = "Mapping[str, Mask]"
"""What is wanted of a message, by field; of a field without a mask everything."""

_WORDS: Final = re.compile(r"[A-Za-z]+|[(),/]")


def mask_of(fields: str, known: Mask) -> Mask:
    """Read the parameter.

    Args:
        known: the fields that there are; one without fields of its own isn't looked into.

    Raises:
        GoogleApiError: 400; a field is unknown, or the selection isn't well-formed.
    """
    mask = _mask(fields)
    _check(mask, known)
    return mask


def masked(value: Any, mask: Mask) -> Any:
    """Leave out what isn't wanted; an empty mask wants everything."""
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(each, mask) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return {name: masked(value[name], inner) for name, inner in mask.items() if name in value}


def _mask(fields: str) -> Mask:
    words = _WORDS.findall(fields)
    if "".join(words) != re.sub(r"\s", "", fields) or not fields:
        raise _refusal(fields)
    mask, end = _list(iter([*words, ""]), fields)
    if end:
        raise _refusal(fields)
    return mask


def _list(words: Iterator[str], fields: str) -> tuple[Mask, str]:
    mask: dict[str, Mask] = {}
    while True:
        name, inner, following = _item(words, fields)
        mask[name] = {**mask.get(name, {}), **inner}
        if following != ",":
            return mask, following


def _item(words: Iterator[str], fields: str) -> tuple[str, Mask, str]:
    name, following = next(words), next(words, "")
    if not name.isalpha():
        raise _refusal(fields)
    match following:
        case "/":
            inner_name, inner, after = _item(words, fields)
            return name, {inner_name: inner}, after
        case "(":
            inner, end = _list(words, fields)
            if end != ")":
                raise _refusal(fields)
            return name, inner, next(words, "")
        case _:
            return name, {}, following


def _check(mask: Mask, known: Mask) -> None:
    for name, inner in mask.items():
        if name not in known:
            raise _refusal(name)
        _check(inner, known[name])


def _refusal(what: str) -> Exception:
    return invalid(f"Invalid field selection {what}", "invalidParameter")


_TIME: Final = "(date,dateTime,timeZone)"
_PERSON: Final = "(displayName,email,id,self)"
_EVENT: Final = f"""
    anyoneCanAddSelf,attachments,
    attendees(additionalGuests,asyncOperation,comment,displayName,email,id,optional,organizer,resource,responseStatus,self),
    attendeesOmitted,birthdayProperties,colorId,conferenceData,created,creator{_PERSON},description,end{_TIME},
    endTimeUnspecified,etag,eventLabelId,eventType,extendedProperties(private,shared),focusTimeProperties,gadget,
    guestsCanInviteOthers,guestsCanModify,guestsCanSeeOtherGuests,hangoutLink,htmlLink,iCalUID,id,kind,location,locked,
    organizer{_PERSON},originalStartTime{_TIME},outOfOfficeProperties,privateCopy,recurrence,recurringEventId,
    reminders(overrides,useDefault),sequence,source(title,url),start{_TIME},status,summary,transparency,updated,visibility,
    workingLocationProperties(customLocation,homeOffice,officeLocation,type)
"""
_LISTED: Final = """
    accessRole,autoAcceptInvitations,backgroundColor,colorId,conferenceProperties,dataOwner,defaultReminders,deleted,
    description,etag,foregroundColor,hidden,id,kind,location,notificationSettings,primary,selected,summary,summaryOverride,
    timeZone
"""
_LIST: Final = "etag,kind,nextPageToken,nextSyncToken"

EVENT: Final = _mask(_EVENT)
LIST_OF_CALENDARS: Final = _mask(f"{_LIST},items({_LISTED})")
LIST_OF_EVENTS: Final = _mask(
    f"{_LIST},accessRole,defaultReminders,description,summary,timeZone,updated,items({_EVENT})"
)

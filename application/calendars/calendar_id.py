"""Names of calendars that follow from their accounts: whoever connects one anew finds the same calendars.

Bookings name the calendars that hold their entries, and go on doing so while an account is disconnected.
"""

from hashlib import sha256

import msgspec

from domain.caldav_account import CaldavAccount
from domain.calendar import CalendarKind
from domain.ids import CalendarId, HostId


def calendar_id_of(host_id: HostId, kind: CalendarKind, login: str, remote_id: str) -> CalendarId:
    """The name of a calendar in a host's account; each host of a shared account has their own.

    Whichever address of its server an account is connected by, its calendars are the same ones.

    Args:
        login: as of `CalendarConnection`, not empty.
    """
    if kind != "caldav":
        return _digest(host_id, kind, login, remote_id)
    account = CaldavAccount.of(login)
    return _digest(host_id, kind, account.username, account.address_of(remote_id))


def second_calendar_id_of(host_id: HostId, kind: CalendarKind, login: str, remote_id: str) -> CalendarId:
    """Its name where another connection of the host holds the same calendar already."""
    return _digest(host_id, kind, login, remote_id)


def _digest(host_id: HostId, kind: CalendarKind, login: str, remote_id: str) -> CalendarId:
    # As JSON, because logins and remote ids hold whatever would stand between them.
    return CalendarId(sha256(msgspec.json.encode(("calendar", host_id, kind, login, remote_id))).hexdigest()[:32])

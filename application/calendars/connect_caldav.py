"""Connect an account at a CalDAV server."""

from dataclasses import dataclass

from application.actor import HostActor
from application.calendars.admit_account import AdmitAccount
from application.calendars.keep_account import ConnectedCalendars, FoundAccount, KeepAccount
from application.calendars.look_into_account import LookIntoAccount
from application.people import short_text
from application.ports.calendar_reader import CaldavLogin, CalendarUnreadable
from application.ports.calendars import HostCalendars
from domain.caldav_account import LONGEST_APP_PASSWORD, LONGEST_USER_NAME, CaldavAccount, server_address
from domain.calendar_problem import PasswordRefused
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import CalendarFault, Required, TooLong
from domain.ids import CalendarConnectionId


@dataclass(frozen=True)
class ConnectCaldav:
    """Look into an account at once; only one that lets us in, and has a calendar that can be read, is connected.

    One that is connected already is connected again in its place.
    """

    views: HostCalendars
    admit: AdmitAccount
    look_into: LookIntoAccount
    keep: KeepAccount

    async def __call__(self, actor: HostActor, url: str, username: str, password: str) -> ConnectedCalendars:
        """Connect it.

        Args:
            url: of the server or of anything on it; a host's name will do.

        Raises:
            Forbidden, NotFound, TooManyRequests
            InvalidInput: at "password" where the server refuses it; at "url" where there is no server, it can't be
                reached or may not be, or it has no calendar that can be read.
        """
        actor.require("account:write")
        checks = Checks()
        address = checks.run("", server_address, url, "url")
        name = checks.run("", _user_name, username)
        secret = checks.run("", _password, password)
        checks.done()
        return await self._connect(actor, CaldavAccount(address, name), secret)

    async def again(self, actor: HostActor, connection_id: CalendarConnectionId, password: str) -> ConnectedCalendars:
        """Connect an account in its place, by another password. Raises as above."""
        host_id = actor.require("account:write")
        checks = Checks()
        secret = checks.run("", _password, password)
        checks.done()
        for each in await self.views.calendar_connections(host_id):
            if (each.id, each.kind) == (connection_id, "caldav"):
                return await self._connect(actor, CaldavAccount.of(each.login), secret)
        raise NotFound("calendar-connection")

    async def _connect(self, actor: HostActor, account: CaldavAccount, password: str) -> ConnectedCalendars:
        host = await self.admit(actor.host_id, "caldav", account.login)
        access = CaldavLogin(account.url, account.username, password)
        try:
            calendars = await self.look_into("caldav", access, account.username, account.login, host)
        except CalendarUnreadable as unreadable:
            field = "password" if isinstance(unreadable.problem, PasswordRefused) else "url"
            raise InvalidInput.at(field, CalendarFault(unreadable.problem)) from None
        return await self.keep(actor, FoundAccount("caldav", account.username, account.login, access, calendars))


def _user_name(typed: str) -> str:
    name = short_text(typed, "username", LONGEST_USER_NAME)
    if not name:
        raise InvalidInput.at("username", Required())
    return name


def _password(typed: str) -> str:
    """What was pasted often has blanks around it; those inside may belong to it."""
    password = typed.strip()
    if len(password) > LONGEST_APP_PASSWORD:
        raise InvalidInput.at("password", TooLong(LONGEST_APP_PASSWORD, len(password)))
    if not password:
        raise InvalidInput.at("password", Required())
    return password

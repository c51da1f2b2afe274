"""Connect an account whose calendars its host lets us into at the provider: the request, and every callback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from application.actor import HostActor
from application.calendars.admit_account import AdmitAccount
from application.calendars.keep_account import ConnectedCalendars, FoundAccount, KeepAccount
from application.calendars.look_into_account import LookIntoAccount
from application.connections.authorization import Authorize, Callback, CallbackOutcome, ended_by
from application.connections.enter_account import EnterAccount, NotEntered
from application.ports.accounts import ForCalendars
from application.ports.calendar_reader import CalendarUnreadable, RemoteCalendar, SignedIn
from application.ports.calendars import HostCalendars
from application.ports.host_views import HostPages
from application.ports.oauth import CalendarAccountClient, Grant
from application.ports.provider import AccessTokenExpired
from domain.calendar import CalendarConnection, CalendarKind
from domain.calendar_problem import CalendarPermission, CalendarProblem, CalendarsBlockedByAdmin
from domain.connection import ProviderAccount
from domain.errors import InvalidInput, NotFound
from domain.ids import CalendarConnectionId, HostId


class AnotherLogin(msgspec.Struct, frozen=True):
    """Somebody else said yes at the provider than whose calendars were to be reconnected."""

    account: str
    expected: str


class PermissionsMissing(msgspec.Struct, frozen=True):
    """The host didn't allow what reading takes."""

    missing: tuple[CalendarPermission, ...]


class CalendarsNotRead(msgspec.Struct, frozen=True):
    """The account's calendars couldn't be listed, or none that matters could be read."""

    problem: CalendarProblem


TooManyConnections = Literal["too-many-connections"]

NotConnectedCalendars = CallbackOutcome | AnotherLogin | PermissionsMissing | CalendarsNotRead | TooManyConnections


@dataclass(frozen=True)
class StartConnectingCalendars:
    """Send a host to the provider of their calendars, bound to this browser session."""

    accounts: Mapping[CalendarKind, CalendarAccountClient]
    views: HostCalendars
    authorize: Authorize

    async def __call__(self, actor: HostActor, session: str, kind: CalendarKind) -> str:
        """Remember the authorization request and return where the browser goes.

        Raises:
            NotFound: this server has no settings for the provider.
            Forbidden
        """
        host_id = actor.require("account:write")
        return await self.authorize.begin(host_id, session, ForCalendars(kind), self._client(kind))

    async def again(self, actor: HostActor, session: str, connection_id: CalendarConnectionId) -> str:
        """Do the same for a connection that is there; its account is hinted at."""
        host_id = actor.require("account:write")
        connection = await _connection(self.views, host_id, connection_id)
        purpose = ForCalendars(connection.kind, connection.id)
        client = self._client(connection.kind)
        return await self.authorize.begin(host_id, session, purpose, client, connection.account)

    def _client(self, kind: CalendarKind) -> CalendarAccountClient:
        if kind not in self.accounts:
            raise NotFound("provider-settings")
        return self.accounts[kind]


@dataclass(frozen=True)
class FinishConnectingCalendars:
    """Turn the callback into a connection that has been read, or into the reason why there is none.

    A login that is connected already is healed in place.
    """

    accounts: Mapping[CalendarKind, CalendarAccountClient]
    views: HostCalendars
    pages: HostPages
    enter: EnterAccount
    admit: AdmitAccount
    look_into: LookIntoAccount
    keep: KeepAccount

    async def __call__(
        self, actor: HostActor, session: str, kind: CalendarKind, callback: Callback
    ) -> ConnectedCalendars | NotConnectedCalendars:
        """Connect; anything but a connection leaves everything as it was.

        Raises Forbidden or TooManyRequests.
        """
        host_id = actor.require("account:write")
        if kind not in self.accounts:
            raise NotFound("provider-settings")
        client = self.accounts[kind]
        entered = await self.enter(
            host_id, session, callback, client, lambda it: isinstance(it, ForCalendars) and it.kind == kind
        )
        if isinstance(entered, NotEntered):
            if entered.outcome is CallbackOutcome.TOO_FEW_SCOPES:
                return PermissionsMissing(_missing(client, entered.scopes))
            return entered.outcome
        purpose = entered.purpose
        assert isinstance(purpose, ForCalendars)
        ended = await self._connect(actor, purpose, client, entered.grant, entered.account)
        if not isinstance(ended, ConnectedCalendars):
            await self.enter.give_back(host_id, client, entered.grant, entered.account)
        return ended

    async def _connect(
        self,
        actor: HostActor,
        purpose: ForCalendars,
        client: CalendarAccountClient,
        grant: Grant,
        account: ProviderAccount,
    ) -> ConnectedCalendars | NotConnectedCalendars:
        if purpose.reconnects is not None:
            expected = await self._expected(actor.host_id, purpose.reconnects)
            if expected is not None and expected.login != account.user_id:
                return AnotherLogin(account.email, expected.account)
        try:
            host = await self.admit(actor.host_id, purpose.kind, account.user_id)
        except InvalidInput:
            return "too-many-connections"
        access = SignedIn(grant)
        is_wanted = await self._is_wanted(actor.host_id, purpose.kind, account.user_id)
        try:
            calendars = await self.look_into(purpose.kind, access, account.email, account.user_id, host, is_wanted)
        except CalendarUnreadable as unreadable:
            if isinstance(unreadable.problem, CalendarsBlockedByAdmin):
                return CallbackOutcome.NEEDS_ADMIN
            return CalendarsNotRead(unreadable.problem)
        except AccessTokenExpired as error:
            return ended_by(error)
        found = FoundAccount(
            purpose.kind, account.email, account.user_id, access, calendars, _missing(client, grant.scopes)
        )
        try:
            return await self.keep(actor, found)
        except InvalidInput:
            return "too-many-connections"

    async def _expected(self, host_id: HostId, connection_id: CalendarConnectionId) -> CalendarConnection | None:
        """One that was disconnected meanwhile is expected by nobody."""
        try:
            return await _connection(self.views, host_id, connection_id)
        except NotFound:
            return None

    async def _is_wanted(self, host_id: HostId, kind: CalendarKind, login: str) -> Callable[[RemoteCalendar], bool]:
        """Whether a calendar is read while the host waits: the main one, and those that block a page by now."""
        blocking = {each for page in await self.pages.pages(host_id) for each in page.calendars.blocking}
        connections = await self.views.calendar_connections(host_id)
        mine = {each.id for each in connections if (each.kind, each.login) == (kind, login)}
        needed = {
            each.remote_id
            for each in await self.views.calendars(host_id)
            if each.connection_id in mine and each.id in blocking
        }
        return lambda remote: remote.is_main or remote.id in needed


def _missing(client: CalendarAccountClient, scopes: frozenset[str]) -> tuple[CalendarPermission, ...]:
    return tuple(each for scope, each in client.permissions.items() if scope not in scopes)


async def _connection(views: HostCalendars, host_id: HostId, connection_id: CalendarConnectionId) -> CalendarConnection:
    for each in await views.calendar_connections(host_id):
        if each.id == connection_id:
            return each
    raise NotFound("calendar-connection")

"""Commands of an operator about accounts."""

from contextlib import suppress
from secrets import token_bytes

import msgspec

from adapters.postgres.unit_of_work import PostgresStore
from adapters.postgres.views import PostgresViews
from adapters.vault.common_passwords import CommonPasswords
from adapters.vault.passwords import Argon2Passwords
from adapters.vault.system import SystemIds, utc_now
from adapters.vault.tokens import TokenVault
from application.accounts.delete_account import CloseAccount, DeleteAccountOf
from application.accounts.list_accounts import ListAccounts
from application.accounts.new_password import CheckPassword
from application.accounts.sign_up import CreateAccount, NewHost
from application.actor import System
from application.ports.account_summaries import AccountSummary
from application.ports.clock import Ids
from application.ports.unit_of_work import Begin
from domain.api_token import ApiToken
from domain.errors import NotFound
from domain.ids import ApiTokenId, HostId
from domain.security_events import TokenMade
from entrypoints.database import pooled
from entrypoints.security_watch import SecurityWatch


class MadeHost(msgspec.Struct, frozen=True):
    """`api_token` is shown once; only its digest is stored."""

    id: str
    handle: str
    api_token: str | None


class ListedHost(msgspec.Struct, frozen=True):
    """An account as programs read it."""

    id: str
    handle: str
    email: str
    name: str
    timezone: str
    email_confirmed: bool
    being_deleted: bool
    booking_pages: int
    upcoming_bookings: int

    @classmethod
    def of(cls, account: AccountSummary) -> "ListedHost":
        host = account.host
        return cls(
            id=host.id,
            handle=host.handle,
            email=host.email,
            name=host.name,
            timezone=host.timezone,
            email_confirmed=account.email_confirmed_at is not None,
            being_deleted=account.closed_at is not None,
            booking_pages=account.pages,
            upcoming_bookings=account.upcoming,
        )


async def create_host(database_url: str, new: NewHost, *, with_token: bool) -> MadeHost:
    """Make an account in a migrated database, with a token for the API if asked for.

    Raises:
        InvalidInput: names the field.
        UnreachableError: the database can't be reached.
    """
    async with pooled(database_url) as pool:
        begin, ids = PostgresStore(pool, _vault(), watch=SecurityWatch()).begin, SystemIds()
        host = await CreateAccount(begin, CheckPassword(CommonPasswords()), Argon2Passwords(), utc_now, ids)(new)
        token = await _token_of(host.id, begin, ids) if with_token else None
        return MadeHost(host.id, host.handle, token)


async def _token_of(host_id: HostId, begin: Begin, ids: Ids) -> str:
    secret, name, now = ids.new_token(), "create-host", utc_now()
    async with begin() as uow:
        uow.api_tokens.add(ApiToken(ApiTokenId(ids.new_id()), host_id, name, ("*",), now), secret)
        uow.security_log.record(TokenMade(host_id=host_id, at=now, name=name))
    return secret


async def list_hosts(database_url: str, named: str | None = None) -> list[ListedHost]:
    """List all accounts by handle, or only that with this handle or address.

    Raises UnreachableError: the database can't be reached.
    """
    async with pooled(database_url) as pool:
        accounts = await ListAccounts(PostgresViews(pool, _vault()), utc_now)(System(), named)
        return [ListedHost.of(each) for each in accounts]


async def delete_host(database_url: str, host_id: str) -> None:
    """Begin to delete an account; the workers do the rest. One that is gone already is no matter.

    Raises UnreachableError: the database can't be reached.
    """
    async with pooled(database_url) as pool:
        begin = PostgresStore(pool, _vault(), watch=SecurityWatch()).begin
        close = CloseAccount(begin, PostgresViews(pool, _vault()), utc_now, SystemIds())
        with suppress(NotFound):
            await DeleteAccountOf(close)(System(), HostId(host_id))


def _vault() -> TokenVault:
    # Nothing that is sealed is read or written here, so any key will do.
    return TokenVault([token_bytes(32)])

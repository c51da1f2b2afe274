"""Make an account from the command line."""

from secrets import token_bytes

import msgspec

from adapters.postgres.accounts import PostgresApiTokens
from adapters.postgres.pool import open_pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.passwords import Argon2Passwords
from adapters.vault.system import SystemIds, utc_now
from adapters.vault.tokens import TokenVault
from application.accounts.api_tokens import IssueApiToken
from application.accounts.sign_up import CreateAccount, NewHost
from application.actor import HostActor
from entrypoints.migrations import UNREACHABLE, in_words
from entrypoints.settings import SettingsError


class MadeHost(msgspec.Struct, frozen=True):
    """`api_token` is shown once; only its digest is stored."""

    id: str
    handle: str
    api_token: str | None


async def create_host(database_url: str, new: NewHost, *, with_token: bool) -> MadeHost:
    """Make an account in a migrated database, with a token for the API if asked for.

    Raises:
        InvalidInput: names the field.
        SettingsError: the database can't be reached.
    """
    try:
        pool = await open_pool(database_url, min_size=1, max_size=1)
    except UNREACHABLE as error:
        raise SettingsError(f"TIMETUNA_DATABASE_URL can’t be used: {in_words(error)}") from None
    try:
        # Nothing that is sealed is read or written here, so any key will do.
        ids = SystemIds()
        store = PostgresStore(pool, TokenVault([token_bytes(32)]), lambda: None)
        host = await CreateAccount(store.begin, Argon2Passwords(), utc_now, ids)(new)
        issue = IssueApiToken(PostgresApiTokens(pool, ids), utc_now)
        token = await issue(HostActor(host.id), "create-host") if with_token else None
        return MadeHost(host.id, host.handle, token)
    finally:
        await pool.close()

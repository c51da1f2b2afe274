"""What holds for the client of every provider, against its sandbox over real HTTP."""

import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Protocol

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.google.client import SCOPES as GOOGLE_SCOPES
from adapters.google.client import GoogleMeetClient
from adapters.microsoft.client import MicrosoftTeamsClient
from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.scopes import MEETINGS
from adapters.sandbox.microsoft.switches import MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.registration import AnyAccount
from adapters.sandbox.serve import serving
from adapters.sandbox.switches import AnyFailure
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from adapters.zoom.client import SCOPES as ZOOM_SCOPES
from adapters.zoom.client import ZoomClient
from application.ports.meetings import ConferenceProvider
from application.ports.oauth import Grant
from application.ports.provider import ProviderError, TryLater
from domain.provider import Provider
from domain.provider_problem import TimedOut, UnexpectedResponse
from tests.adapters.google import failures as of_google
from tests.adapters.microsoft import failures as of_microsoft
from tests.adapters.zoom import failures as of_zoom
from tests.support import google_connected as google
from tests.support import microsoft_connected as microsoft
from tests.support import zoom_connected as zoom
from tests.support.consent import consent
from tests.support.failing_transports import Expected, failed
from tests.support.stand_in import stand_in
from tests.support.zoom_connected import CHALLENGE, NOW, REQUEST, VERIFIER


class Client(ConferenceProvider, Protocol):
    async def aclose(self) -> None: ...


class Connected(Protocol):
    """A client and the sandbox that it talks to."""

    @property
    def client(self) -> Client: ...
    @property
    def sandbox(self) -> Any: ...
    def grant(self) -> Grant: ...


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One provider.

    Attributes:
        stand_in: a client of what answers at an address.
        create, refresh, code: the endpoints.
        creates: the path of `create` at a stand-in.
        made: the sandbox's list of what was created.
        account, scopes: who consents, and to what.
        wishes: failures that name when to come back, in seven seconds.
        taken: answers of an endpoint that are no failure to the client; its own tests say what comes of them.
        shown: secrets that only this provider's answers hold.
    """

    provider: Provider
    connected: Callable[..., AbstractAsyncContextManager[Connected]]
    stand_in: Callable[[str], Client]
    settings: Callable[[str], object]
    failures: type[AnyFailure]
    create: Any
    refresh: Any
    code: Any
    creates: str
    made: str
    account: AnyAccount
    scopes: frozenset[str]
    create_fails: Mapping[AnyFailure, Expected]
    refresh_fails: Mapping[AnyFailure, Expected]
    exchange_fails: Mapping[AnyFailure, type[ProviderError]]
    wishes: tuple[AnyFailure, ...]
    taken: Mapping[Any, set[AnyFailure]]
    shown: tuple[str, ...] = ()

    async def consents(self, app: Connected) -> str:
        return await consent(app.client.authorize_url("state-1", CHALLENGE), self.account, self.scopes)


ZOOM = Case(
    provider="zoom",
    connected=zoom.connected,
    stand_in=lambda url: ZoomClient(zoom.settings_at(url), lambda: NOW),
    settings=zoom.settings_at,
    failures=ZoomFailure,
    create=ZoomEndpoint.MEETINGS,
    refresh=ZoomEndpoint.REFRESH,
    code=ZoomEndpoint.CODE,
    creates="/v2/users/me/meetings",
    made="meetings",
    account=ANNA,
    scopes=ZOOM_SCOPES,
    create_fails=of_zoom.CREATE_FAILS,
    refresh_fails=of_zoom.REFRESH_FAILS,
    exchange_fails=of_zoom.EXCHANGE_FAILS,
    wishes=(ZoomFailure.QPS_LIMIT_ISO, ZoomFailure.QPS_LIMIT_DATE, ZoomFailure.QPS_LIMIT_SECONDS),
    taken={ZoomEndpoint.CODE: {ZoomFailure.TOO_FEW_SCOPES}},
    shown=("zak=", "start_url"),
)
GOOGLE = Case(
    provider="google",
    connected=google.connected,
    stand_in=lambda url: GoogleMeetClient(google.settings_at(url), lambda: NOW),
    settings=google.settings_at,
    failures=GoogleFailure,
    create=GoogleEndpoint.SPACES,
    refresh=GoogleEndpoint.REFRESH,
    code=GoogleEndpoint.CODE,
    creates="/v2/spaces",
    made="spaces",
    account=GINA,
    scopes=GOOGLE_SCOPES,
    create_fails=of_google.CREATE_FAILS,
    refresh_fails=of_google.REFRESH_FAILS,
    exchange_fails=of_google.EXCHANGE_FAILS,
    wishes=(GoogleFailure.RESOURCE_EXHAUSTED_SECONDS, GoogleFailure.RESOURCE_EXHAUSTED_DATE),
    taken={
        GoogleEndpoint.REFRESH: {GoogleFailure.REFRESH_REPLACED},
        GoogleEndpoint.CODE: {GoogleFailure.TOO_FEW_SCOPES, GoogleFailure.WRITING_UNTICKED},
    },
)
MICROSOFT = Case(
    provider="microsoft",
    connected=microsoft.connected,
    stand_in=lambda url: MicrosoftTeamsClient(microsoft.settings_at(url), lambda: NOW),
    settings=microsoft.settings_at,
    failures=MicrosoftFailure,
    create=MicrosoftEndpoint.MEETINGS,
    refresh=MicrosoftEndpoint.REFRESH,
    code=MicrosoftEndpoint.CODE,
    creates="/v1.0/me/onlineMeetings/createOrGet",
    made="meetings",
    account=MIA,
    scopes=frozenset({MEETINGS}),
    create_fails=of_microsoft.CREATE_FAILS,
    refresh_fails=of_microsoft.REFRESH_FAILS,
    exchange_fails=of_microsoft.EXCHANGE_FAILS,
    wishes=(MicrosoftFailure.TOO_MANY_REQUESTS_SECONDS, MicrosoftFailure.TOO_MANY_REQUESTS_DATE),
    taken={
        MicrosoftEndpoint.REFRESH: {MicrosoftFailure.REFRESH_MISSING, MicrosoftFailure.SHORT_SCOPES},
        MicrosoftEndpoint.CODE: {
            MicrosoftFailure.TOO_FEW_SCOPES,
            MicrosoftFailure.SHORT_SCOPES,
            MicrosoftFailure.ID_TOKEN_MISSING,
            MicrosoftFailure.PERSONAL_ACCOUNT,
        },
    },
)
CASES = (ZOOM, GOOGLE, MICROSOFT)

HANGS = {"SLOW", "HANG_BEFORE", "HANG_AFTER"}

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.provider)


@pytest.fixture
async def app(case: Case) -> AsyncGenerator[Connected]:
    async with case.connected() as app:
        yield app


def cases_of(table: Callable[[Case], Mapping[AnyFailure, object]]) -> pytest.MarkDecorator:
    """Each failure of each provider, with what is expected."""
    found = [(case, failure, expected) for case in CASES for failure, expected in table(case).items()]
    ids = [f"{case.provider}-{failure}" for case, failure, _ in found]
    return pytest.mark.parametrize(("case", "failure", "expected"), found, ids=ids)


@each
def test_no_failure_of_the_sandbox_is_left_out(case: Case) -> None:
    tables = {case.create: case.create_fails, case.refresh: case.refresh_fails, case.code: case.exchange_fails}
    for endpoint, table in tables.items():
        known = {failure for failure in case.failures if endpoint in failure.where and failure.name not in HANGS}

        assert known == {*table, *case.taken.get(endpoint, ())}


@cases_of(lambda case: case.create_fails)
async def test_every_failure_of_creating_has_one_meaning(
    app: Connected, case: Case, failure: AnyFailure, expected: Expected
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=case.create)

    error = await failed(app.client.create(grant, REQUEST))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(case.create))


@cases_of(lambda case: case.refresh_fails)
async def test_every_failure_of_refreshing_has_one_meaning(
    app: Connected, case: Case, failure: AnyFailure, expected: Expected
) -> None:
    grant = app.grant()
    app.sandbox.fail(failure, on=case.refresh)

    error = await failed(app.client.refresh(grant))

    assert expected == (type(error), error.left_behind)
    assert 1 == len(app.sandbox.arrived(case.refresh))


@cases_of(lambda case: case.exchange_fails)
async def test_every_failure_of_trading_a_code_has_one_meaning(
    app: Connected, case: Case, failure: AnyFailure, expected: type[ProviderError]
) -> None:
    app.sandbox.fail(failure, on=case.code)

    assert expected is type(await failed(app.client.exchange(await case.consents(app), VERIFIER)))


@cases_of(lambda case: dict.fromkeys(case.wishes, NOW + timedelta(seconds=7)))
async def test_a_wish_of_when_to_come_back_is_read_in_every_form(
    app: Connected, case: Case, failure: AnyFailure, expected: object
) -> None:
    app.sandbox.fail(failure, on=case.create)

    error = await failed(app.client.create(app.grant(), REQUEST))

    assert isinstance(error, TryLater)
    assert expected == error.at


@each
@pytest.mark.parametrize(("failure", "made"), [("HANG_BEFORE", 0), ("HANG_AFTER", 1)])
async def test_an_answer_that_never_comes_may_have_left_a_meeting_behind(case: Case, failure: str, made: int) -> None:
    async with case.connected() as app:
        app.sandbox.fail(case.failures[failure], on=case.create)

        error = await failed(app.client.create(app.grant(), REQUEST))

        assert (TimedOut(case.provider), True) == (error.problem, error.left_behind)
        assert made == len(getattr(app.sandbox, case.made))


@each
async def test_a_redirect_is_not_followed(case: Case) -> None:
    paths: list[str] = []

    async def away(request: Request) -> Reply:
        paths.append(request.path)
        return Reply(307, b"", (("location", "/elsewhere"),))

    async with serving(stand_in(away)) as url:
        client = case.stand_in(url)
        error = await failed(client.create(Grant("access-secret", "refresh-secret", NOW, case.scopes), REQUEST))
        await client.aclose()

    assert ([case.creates], UnexpectedResponse(case.provider)) == (paths, error.problem)


@each
async def test_no_secret_is_returned_logged_or_shown_by_anything(
    app: Connected, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[object] = []
    code = await case.consents(app)
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        grant = await app.client.exchange(code, VERIFIER)
        shown += [repr(grant), await app.client.account(grant), await app.client.create(grant, REQUEST)]
        for failure in case.create_fails:
            app.sandbox.fail(failure, on=case.create)
            error = await failed(app.client.create(grant, REQUEST))
            shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
        error = await failed(app.client.exchange(code, VERIFIER))
        shown += [error, repr(error), error.__dict__, error.__cause__, error.__context__]
    await app.client.revoke(grant)

    # The sandbox is in this process, too.
    of_the_client = (f"adapters.{case.provider}", "adapters.http_client", "httpx", "httpcore")
    records = [record.getMessage() for record in caplog.records if record.name.startswith(of_the_client)]
    text = f"{shown} {logs} {records}"
    secrets = (*app.sandbox.secrets, app.sandbox.client_secret, VERIFIER, "Bearer", *case.shown)
    assert [] == [secret for secret in secrets if secret in text]


@each
def test_settings_do_not_show_the_secret(case: Case) -> None:
    settings = case.settings("https://provider.example")

    assert "secret-of-ours" not in f"{settings} {settings!r} {settings.__rich_repr__()}"  # type: ignore[attr-defined]

"""Everything on one machine: web, worker, PostgreSQL, a sandbox for each provider of meetings, and a mailbox."""

import logging
import os
from base64 import b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from socket import socket

import msgspec
import uvloop

from adapters.postgres.embedded.errors import EmbeddedPostgresError
from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.postgres.housekeeping import end_leases
from adapters.sandbox.asgi import at_home, mounted
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.google.scopes import CALENDARS_LISTED, EMAIL, EVENTS_FREE_BUSY, EVENTS_OWNED, OPENID
from adapters.sandbox.mailbox import Mailbox
from adapters.sandbox.mailbox_pages import mailbox_app
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.vault.system import utc_now
from application.ports.oauth import Grant
from domain.connection import ProviderAccount
from entrypoints import sample
from entrypoints.bootstrap import open_app
from entrypoints.errors import CommandError
from entrypoints.http import lifespan_app, listen, serve
from entrypoints.logs import set_up_logs
from entrypoints.migrations import bring_up_to_date
from entrypoints.settings import (
    GOOGLE_CALENDAR_CALLBACK,
    GOOGLE_CALLBACK,
    MICROSOFT_CALENDAR_CALLBACK,
    MICROSOFT_CALLBACK,
    ZOOM_CALLBACK,
    ZOOM_DEAUTHORIZED,
    Settings,
    read_settings,
)

SANDBOX, GOOGLE, MICROSOFT, MAILBOX = "/sandbox/zoom", "/sandbox/google", "/sandbox/microsoft", "/mailbox"


class DemoError(CommandError):
    """The demo can't start; the message says why and what to do."""


class DemoSecrets(msgspec.Struct, frozen=True):
    """Made at the first start and kept, so that a second start can read what the first has stored."""

    key: str
    client_id: str
    client_secret: str
    zoom_secret_token: str


def run(port: int, data: str) -> None:
    """Run the demo until Ctrl-C.

    Raises DemoError: it can't start.
    """
    try:
        _run_all(port, data)
    except EmbeddedPostgresError as error:
        raise DemoError(str(error)) from None


def _run_all(port: int, data: str) -> None:
    environ = os.environ
    set_up_logs(read_settings(environ, port=port))
    folder = Path(data).absolute()
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(port))
        folder.mkdir(parents=True, exist_ok=True)
        print("Starting …", flush=True)
        database = stack.enter_context(EmbeddedPostgres(folder / "postgres"))
        uvloop.run(_run(port, folder, database.url, listener, environ))
        print("Stopped. Your data stays in", data)


async def _run(port: int, folder: Path, database_url: str, listener: socket, environ: Mapping[str, str]) -> None:
    await bring_up_to_date(database_url)
    await end_leases(database_url)
    public_url = f"http://127.0.0.1:{port}"
    secrets = _secrets(folder / "secrets.json")
    sandbox = SandboxZoom(
        folder / "sandbox-zoom.sqlite",
        client_id=secrets.client_id,
        client_secret=secrets.client_secret,
        secret_token=secrets.zoom_secret_token,
        redirect_uris=[public_url + ZOOM_CALLBACK],
        deauthorization_url=public_url + ZOOM_DEAUTHORIZED,
        base_url=public_url + SANDBOX,
    )
    google = SandboxGoogle(
        folder / "sandbox-google.sqlite",
        client_id=secrets.client_id,
        client_secret=secrets.client_secret,
        redirect_uris=[public_url + GOOGLE_CALLBACK, public_url + GOOGLE_CALENDAR_CALLBACK],
        base_url=public_url + GOOGLE,
    )
    google.fill_calendar(GINA)
    microsoft = SandboxMicrosoft(
        folder / "sandbox-microsoft.sqlite",
        client_id=secrets.client_id,
        client_secret=secrets.client_secret,
        redirect_uris=[public_url + MICROSOFT_CALLBACK, public_url + MICROSOFT_CALENDAR_CALLBACK],
        base_url=public_url + MICROSOFT,
    )
    async with Mailbox(folder / "mailbox") as mailbox:
        settings = msgspec.structs.replace(
            _settings(environ, port, database_url, mailbox.url, secrets, public_url),
            # Often a link, to another disk.
            database_folder=str(folder / "postgres" / "data"),
        )
        # The sample host's calendar is read before anything else is served.
        async with (
            serving(google.app) as google_url,
            open_app(_reading_at(settings, google_url), None, connections=1) as opened,
        ):
            # What happens to an account made by ourselves is news to nobody.
            logging.disable(logging.INFO)
            await sample.make_sample(opened.app, lambda: _granted(google))
            logging.disable(logging.NOTSET)
        apps = {
            SANDBOX: sandbox.app,
            GOOGLE: google.app,
            MICROSOFT: microsoft.app,
            MAILBOX: mailbox_app(mailbox, base_url=public_url + MAILBOX),
        }
        app = mounted({path: at_home(each) for path, each in apps.items()}, otherwise=lifespan_app(settings))
        await serve(app, listener, ready=lambda: _welcome(public_url))


def _reading_at(settings: Settings, google_url: str) -> Settings:
    """The same, with Google's calendars at another address."""
    if settings.google_calendars is None:
        return settings
    calendars = msgspec.structs.replace(settings.google_calendars, api_url=f"{google_url}/calendar/v3")
    return msgspec.structs.replace(settings, google_calendars=calendars)


def _granted(google: SandboxGoogle) -> Grant:
    """What Gina would allow in a browser."""
    tokens = google.authorize(GINA, (OPENID, EMAIL, CALENDARS_LISTED, EVENTS_FREE_BUSY, EVENTS_OWNED))
    return Grant(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token or "",
        expires_at=utc_now() + timedelta(seconds=tokens.expires_in),
        scopes=frozenset(tokens.scope.split()),
        account=ProviderAccount(GINA.id, GINA.id, GINA.email, GINA.name),
    )


def _settings(
    environ: Mapping[str, str], port: int, database_url: str, smtp_url: str, secrets: DemoSecrets, public_url: str
) -> Settings:
    """The demo's own parts, and whatever else the environment says."""
    own = {
        "TIMETUNA_DATABASE_URL": database_url,
        "TIMETUNA_BROKER_URL": "",
        "TIMETUNA_PUBLIC_URL": public_url,
        "TIMETUNA_SECRET_KEYS": secrets.key,
        "TIMETUNA_SMTP_URL": smtp_url,
        "TIMETUNA_ZOOM_CLIENT_ID": secrets.client_id,
        "TIMETUNA_ZOOM_CLIENT_SECRET": secrets.client_secret,
        "TIMETUNA_ZOOM_SECRET_TOKENS": secrets.zoom_secret_token,
        "TIMETUNA_ZOOM_AUTH_URL": public_url + SANDBOX,
        "TIMETUNA_ZOOM_API_URL": f"{public_url}{SANDBOX}/v2",
        "TIMETUNA_GOOGLE_CLIENT_ID": secrets.client_id,
        "TIMETUNA_GOOGLE_CLIENT_SECRET": secrets.client_secret,
        "TIMETUNA_GOOGLE_AUTH_URL": f"{public_url}{GOOGLE}/o/oauth2/v2/auth",
        "TIMETUNA_GOOGLE_TOKEN_URL": f"{public_url}{GOOGLE}/token",
        "TIMETUNA_GOOGLE_API_URL": public_url + GOOGLE,
        "TIMETUNA_GOOGLE_CALENDAR_API_URL": f"{public_url}{GOOGLE}/calendar/v3",
        "TIMETUNA_MICROSOFT_CLIENT_ID": secrets.client_id,
        "TIMETUNA_MICROSOFT_CLIENT_SECRET": secrets.client_secret,
        "TIMETUNA_MICROSOFT_AUTH_URL": f"{public_url}{MICROSOFT}/organizations",
        "TIMETUNA_MICROSOFT_API_URL": f"{public_url}{MICROSOFT}/v1.0",
    }
    # Whoever tries the support form sees where its messages go.
    operator = {"TIMETUNA_OPERATOR_EMAIL": "operator@timetuna.example"}
    return read_settings({**operator, **environ, **own}, port=port)


def _listen(port: int) -> socket:
    try:
        return listen("127.0.0.1", port)
    except OSError as error:
        raise DemoError(
            f"Port {port} on this machine can’t be used ({error.strerror}). Is another demo running? "
            f'Stop it, or choose another port: make demo ARGS="--port {port + 1}"'
        ) from None


def _secrets(file: Path) -> DemoSecrets:
    if file.exists():
        return msgspec.json.decode(file.read_bytes(), type=DemoSecrets)
    made = DemoSecrets(b64encode(token_bytes(32)).decode(), token_urlsafe(16), token_urlsafe(24), token_urlsafe(16))
    unfinished = file.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        written.write(msgspec.json.encode(made))
        written.flush()
        os.fsync(written.fileno())
    # A kill in between must not leave half a file that no later start can read.
    unfinished.replace(file)
    return made


def _welcome(public_url: str) -> None:
    print(
        f"""
TimeTuna is running.

  Sign in as the host     {public_url}/signin
                          {sample.EMAIL}  ·  {sample.PASSWORD}
  Connect Zoom            {public_url}/settings/providers
  Book as a guest         {public_url}/{sample.HANDLE}/{sample.PAGE}
  Start from nothing      {public_url}/signup   (any address: its email is in the mailbox below)
  Read everyone’s email   {public_url}{MAILBOX}/
  Sandbox Zoom            {public_url}{SANDBOX}/   (not the real Zoom: break it, remove the app, see what arrived)
  Sandbox Google          {public_url}{GOOGLE}/
  A Google calendar       {public_url}{GOOGLE}/calendar   (Anna’s: drag an event, and see her booking page follow)
  Sandbox Microsoft       {public_url}{MICROSOFT}/
  Try webhooks            start the demo with TIMETUNA_ALLOWED_NETWORKS=127.0.0.0/8 to reach a program on this machine

Ctrl-C stops everything; your data stays.
""",
        flush=True,
    )

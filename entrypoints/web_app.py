"""The web app around the use cases. Only processes that serve import it: a worker needs none of it."""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from urllib.parse import urlsplit

from litestar import Litestar

from adapters.http.app import create_app
from adapters.http.metrics import Surroundings
from adapters.http.settings import HttpSettings
from adapters.locales.catalogues import languages
from adapters.postgres.pool import is_lost
from adapters.vault.tokens import TokenVault
from entrypoints.bootstrap import OpenedApp
from entrypoints.settings import Settings


def make_http(
    opened: OpenedApp,
    settings: Settings,
    is_ready: Callable[[], Awaitable[dict[str, str]]],
    is_stopping: Callable[[], bool],
    surroundings: Callable[[], Surroundings],
) -> Litestar:
    """Make the web app around an open app."""
    http = HttpSettings(
        public_url=settings.public_url,
        signing_secret=TokenVault(settings.secret_keys).derive("web"),
        trusted_proxies=settings.trusted_proxies,
        metrics_token=settings.metrics_token,
        security_contact=settings.security_contact,
        security_policy_url=settings.security_policy_url,
        imprint_url=settings.imprint_url,
        privacy_url=settings.privacy_url,
        version=version("timetuna"),
        languages=languages(),
        provider_origins=tuple(
            _origin(each.auth_url) for each in (settings.zoom, settings.google, settings.microsoft) if each
        ),
    )
    return create_app(
        opened.app,
        http,
        is_ready=is_ready,
        is_stopping=is_stopping,
        security_events=opened.watch.counts,
        surroundings=surroundings,
        away=is_lost,
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

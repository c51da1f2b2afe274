"""The web process: pages for people, the JSON API, and what both stand on."""

from collections.abc import Callable, Mapping

from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from adapters.http.api.other_origins import open_to_other_origins
from adapters.http.api.routes import ROUTES as API
from adapters.http.calendar_notifications import calendar_notifications
from adapters.http.cross_site import RefuseOtherSites
from adapters.http.dependencies import DEPENDENCIES
from adapters.http.errors import EXCEPTION_HANDLERS, failure_handler
from adapters.http.headers import security_headers
from adapters.http.health import IsReady, healthz, process_readiness, readiness
from adapters.http.languages import SpeakToReader
from adapters.http.mangled_links import MendLinks
from adapters.http.mcp.endpoint import MCP
from adapters.http.metrics import Clocked, RequestMetrics, Surroundings, metrics_handler
from adapters.http.problem_pages import problem_page
from adapters.http.request_context import app_state
from adapters.http.security_txt import security_txt
from adapters.http.settings import HttpSettings
from adapters.http.web.embed.in_frame import InFrame
from adapters.http.web.embed.loader import loader
from adapters.http.web.embed.pages import EmbeddedPages
from adapters.http.web.forms import LARGEST_FORM
from adapters.http.web.routes import ROUTES as WEB
from adapters.http.web.templating import TEMPLATES
from adapters.http.webhooks import deauthorized
from application.app import App

# Answers to programs are small or asked for over fast lines; a page held open for changes has nothing to compress, and
# a typeface is compressed already.
COMPRESSION = CompressionConfig(
    backend="gzip",
    gzip_compress_level=6,
    minimum_size=1000,
    exclude=["^/api/v1/", "^/mcp$", "^/metrics$", "/live$", r"\.woff2$"],
)


class MsgspecLitestar(Litestar):
    """Litestar for msgspec alone.

    Litestar imports pydantic, attrs and OpenTelemetry for itself wherever they are installed, as they are for others'
    sake. Pydantic takes a fifth of a start's time and 15 MiB.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    @staticmethod
    def _patch_opentelemetry_middleware(config: AppConfig) -> AppConfig:
        return config


def create_app(
    app: App,
    settings: HttpSettings,
    *,
    is_ready: IsReady,
    is_stopping: Callable[[], bool] = lambda: False,
    security_events: Mapping[str, int],
    surroundings: Callable[[], Surroundings] = Surroundings,
    away: Callable[[Exception], bool] = lambda _error: False,
) -> Litestar:
    """Put everything that is served over HTTP together.

    Args:
        is_ready: tells each part's state in words for `/readyz`; `ok` means that it is fine.
        is_stopping: tells whether this process was told to stop.
        security_events: how many there were in this process by now, by what happened.
        surroundings: tells what `/metrics` says of servers beside this process.
        away: tells what is raised because the storage can't be reached.
    """
    requests = RequestMetrics(security_events)
    pages = Router("/", route_handlers=[problem_page, *WEB], middleware=[SpeakToReader()])
    # No cookie of theirs is read, not even for the language.
    frames = Router("/", route_handlers=[loader, EmbeddedPages], middleware=[InFrame()])
    return MsgspecLitestar(
        route_handlers=[
            healthz,
            readiness(is_ready),
            process_readiness(is_stopping),
            security_txt,
            metrics_handler(app, requests, surroundings),
            deauthorized,
            calendar_notifications,
            *API,
            MCP,
            pages,
            frames,
        ],
        state=app_state(app, settings),
        dependencies=DEPENDENCIES,
        exception_handlers=EXCEPTION_HANDLERS | {Exception: failure_handler(away)},
        template_config=TEMPLATES,
        middleware=[Clocked(), RefuseOtherSites(), MendLinks()],
        before_send=[security_headers(settings), open_to_other_origins, requests.note],
        request_max_body_size=LARGEST_FORM,
        compression_config=COMPRESSION,
        # The API describes itself; Litestar's description would list the pages too.
        openapi_config=None,
        logging_config=None,
        debug=False,
    )

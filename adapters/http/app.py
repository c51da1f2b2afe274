"""The web process: pages for people, the JSON API, and what both stand on."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Litestar

from adapters.http.api.routes import ROUTES as API
from adapters.http.csrf import form_tokens
from adapters.http.dependencies import DEPENDENCIES
from adapters.http.errors import EXCEPTION_HANDLERS
from adapters.http.headers import security_headers
from adapters.http.health import IsReady, healthz, readiness
from adapters.http.problem_pages import problem_page
from adapters.http.reach import reachable
from adapters.http.settings import HttpSettings
from adapters.http.web.routes import ROUTES as WEB
from adapters.http.web.templating import TEMPLATES
from adapters.http.webhooks import zoom_deauthorized
from application.app import App

LARGEST_BODY = 1_000_000

Hook = Callable[[], Awaitable[Any]]


def create_app(
    app: App,
    settings: HttpSettings,
    *,
    is_ready: IsReady,
    on_startup: Sequence[Hook] = (),
    on_shutdown: Sequence[Hook] = (),
) -> Litestar:
    """Put everything that is served over HTTP together.

    Args:
        is_ready: tells each part's state in words for `/readyz`; `ok` means that it is fine.
        on_startup: what to open on the server's event loop before the first request.
        on_shutdown: what to close there after the last.
    """
    return Litestar(
        route_handlers=[healthz, readiness(is_ready), problem_page, zoom_deauthorized, *API, *WEB],
        state=reachable(app, settings),
        dependencies=DEPENDENCIES,
        exception_handlers=EXCEPTION_HANDLERS,
        template_config=TEMPLATES,
        middleware=[form_tokens(settings)],
        before_send=[security_headers(settings)],
        request_max_body_size=LARGEST_BODY,
        on_startup=list(on_startup),
        on_shutdown=list(on_shutdown),
        # The API describes itself; Litestar's description would list the pages too.
        openapi_config=None,
        logging_config=None,
        debug=False,
    )

"""Every page, and the files that pages are made of."""

from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ControllerRouterHandler

from adapters.http.web.accounts import landing, sign_in, sign_in_page, sign_out, sign_up, sign_up_page
from adapters.http.web.bookings import Bookings
from adapters.http.web.dashboard import create_page, dashboard, new_page
from adapters.http.web.editor import Editor
from adapters.http.web.help import help_with_zoom
from adapters.http.web.manage import Manage
from adapters.http.web.profile import profile, save_profile
from adapters.http.web.providers import Providers, come_back
from adapters.http.web.public import PublicPages
from adapters.http.web.templating import STATIC, STATIC_PATH
from adapters.http.web.ways_out import WaysOut

# Their addresses change with their content.
_FOREVER = CacheControlHeader(max_age=31536000, public=True, immutable=True)

ROUTES: list[ControllerRouterHandler] = [
    landing,
    sign_up_page,
    sign_up,
    sign_in_page,
    sign_in,
    sign_out,
    dashboard,
    new_page,
    create_page,
    Editor,
    Bookings,
    WaysOut,
    profile,
    save_profile,
    Providers,
    come_back,
    help_with_zoom,
    Manage,
    PublicPages,
    create_static_files_router(STATIC_PATH, [STATIC], cache_control=_FOREVER),
]

"""The page behind the unsubscribe link of mails to guests: stop all mail to the address, and allow it again.

Looking at the page changes nothing: mail scanners follow links.
"""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from litestar.status_codes import HTTP_200_OK

from adapters.http.clients import limit_public_writes
from adapters.http.cross_site import ANSWERS_OTHER_SITES, CrossSite, is_from_elsewhere
from adapters.http.web.forms import Visit, form_of
from adapters.http.web.templating import shown
from application.app import App


@get("/unsubscribe/{token:str}")
async def unsubscribe_page(app: NamedDependency[App], token: FromPath[str]) -> Template:
    return _page(token, stopped=await app.show_suppression(token))


@post(
    "/unsubscribe/{token:str}",
    status_code=HTTP_200_OK,
    guards=[limit_public_writes],
    opt={ANSWERS_OTHER_SITES: True},
)
async def unsubscribe(request: Visit, app: NamedDependency[App], token: FromPath[str]) -> Template:
    """Stop or allow.

    Mail programs stop with one click, without cookies, from sites of their own, and MUST NOT be redirected: RFC 8058.
    Allowing takes the page itself.
    """
    allows = (await form_of(request)).text("emails") == "allow"
    if not allows:
        await app.unsubscribe(token)
    elif is_from_elsewhere(request):
        raise CrossSite
    else:
        await app.resubscribe(token)
    return _page(token, stopped=not allows)


def _page(token: str, *, stopped: bool) -> Template:
    return shown("unsubscribe/page.html", token=token, stopped=stopped)

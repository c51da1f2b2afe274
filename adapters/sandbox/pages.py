"""Templates of the sandboxes' pages."""

from http import HTTPStatus
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.sandbox.asgi import Reply, Request, page

_templates = Environment(
    loader=PackageLoader("adapters.sandbox"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_style = (resources.files("adapters.sandbox") / "static" / "sandbox.css").read_bytes()


def render(request: Request, template: str, status: int = HTTPStatus.OK, **shown: Any) -> Reply:
    """Render a template; in it `href('/x')` links into the app wherever it is mounted."""
    return page(_templates.get_template(template).render(href=request.href, **shown), status)


def style() -> Reply:
    return Reply(HTTPStatus.OK, _style, (("content-type", "text/css; charset=utf-8"), ("cache-control", "max-age=300")))

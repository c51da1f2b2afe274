"""Where the API's description is served: as JSON for programs, and as a plain page for people.

Litestar's own renderers load their script from other hosts, which our content security policy forbids.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from jinja2 import Environment
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from adapters.http.api.openapi import document
from adapters.http.api.reading import ApiRequest
from adapters.http.reach import settings_of

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>TimeTuna API</title>
  <link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<main>
  <h1>TimeTuna API</h1>
  <p>{{ info.description }}</p>
  <p>For programs: <a href="/api/openapi.json">the OpenAPI 3.1 description</a>.</p>
  {% for tag in tags %}
  <h2>{{ tag.name }}</h2>
  <p>{{ tag.description }}</p>
  {% for path, operations in paths.items() %}
  {% for method, operation in operations.items() if tag.name in operation.tags %}
  <section id="{{ operation.operationId }}">
    <h3><code>{{ method.upper() }} {{ path }}</code></h3>
    <p>{{ operation.summary }}. {{ operation.description }}</p>
    {% for parameter in operation.parameters if parameter.in != "path" %}
    <p><code>{{ parameter.name }}</code> in the {{ parameter.in }}{{ ", required" if parameter.required }}</p>
    {% endfor %}
    {% if operation.requestBody %}
    <p>Body: {{ link(operation.requestBody.content["application/json"].schema) }}</p>
    {% endif %}
    <ul>
      {% for status, response in operation.responses.items() %}
      <li>{{ status }}: {{ response.description }}
        {% for content in (response.content or {}).values() %}{{ link(content.schema) }}{% endfor %}</li>
      {% endfor %}
    </ul>
  </section>
  {% endfor %}
  {% endfor %}
  {% endfor %}
  <h2>Bodies</h2>
  {% for name, schema in components.schemas.items() %}
  <section id="schema-{{ name }}">
    <h3>{{ name }}</h3>
    <pre tabindex="0">{{ pretty(schema) }}</pre>
  </section>
  {% endfor %}
</main>
</body>
</html>
""")

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 0.4rem; }
section { border-top: 1px solid; }
"""


def describing(
    *, public: Sequence[HTTPRouteHandler], for_hosts: Sequence[HTTPRouteHandler]
) -> tuple[HTTPRouteHandler, ...]:
    """Handlers that serve the description of these calls."""

    @get("/api/openapi.json", sync_to_thread=False)
    def openapi_json(request: ApiRequest) -> ASGIResponse:
        return ASGIResponse(body=msgspec.json.encode(document(public, for_hosts, settings_of(request))))

    @get("/api/docs", media_type="text/html", sync_to_thread=False)
    def openapi_page(request: ApiRequest) -> str:
        described = document(public, for_hosts, settings_of(request))
        return _PAGE.render(described, link=_linked, pretty=_pretty)

    return openapi_json, openapi_page, _docs_css


@get("/api/docs.css", sync_to_thread=False)
def _docs_css() -> Response[str]:
    return Response(_STYLE, media_type="text/css")


def _linked(schema: dict[str, Any]) -> str:
    of = schema.get("items", schema)
    name = of.get("$ref", "").rpartition("/")[2]
    return f"list of {name}" if "items" in schema else name


def _pretty(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()

"""The API's description in OpenAPI 3.1, made from the handlers that serve it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_201_CREATED

from adapters.http.api.described import Call
from adapters.http.api.examples import examples_of, path_example, query_example
from adapters.http.api.problem_examples import problem_example
from adapters.http.problems import STATUS, Problem
from adapters.http.settings import HttpSettings
from application.ports.idempotency_keys import LONGEST_IDEMPOTENCY_KEY

Json = dict[str, Any]

PREFIX = "/api/v1"

_ABOUT = (
    "Read and change your booking pages, event types, bookings and profile; see and disconnect providers; and book, "
    "read, reschedule or cancel as a guest. Connecting a provider needs a browser. Instants are "
    "RFC 3339 in UTC, zones are IANA names, ids are opaque strings. Errors are RFC 9457 problems; each `type` leads to "
    "a page that explains it. Unknown members of a body are refused. Any call can answer `overloaded` or `unavailable` "
    "(503, with `Retry-After`), or `internal-error` (500)."
)
_KEY = (
    f"Up to {LONGEST_IDEMPOTENCY_KEY} visible ASCII characters of your own, such as a UUID, one for each thing that "
    "you do."
)
_PARAMETER = re.compile(r"\{([a-z_]+):str\}")
# For types of the domain, which say nothing to readers of the API; our own bodies say it at the member.
_MEMBERS = {
    "Host": {
        "language": "the BCP 47 tag of the language that emails are in.",
        "photo": "the digest of the photo; null if there is none.",
        "logo": "the digest of the logo; null if there is none.",
    }
}
# Where an answer has what other calls take in their paths.
_IDS_IN: Mapping[str, Mapping[str, str]] = {
    "ApiTokenWithSecret": {"token_id": "/id"},
    "BookingPageOut": {"page_id": "/id"},
    "ConnectedOut": {"connection_id": "/id", "calendar_id": "/calendars/0/id"},
    "DeliveryOut": {"delivery_id": "/id"},
    "EventTypeOut": {"event_type_id": "/id"},
    "HostBooking": {"booking_id": "/id"},
    "MadeBookingLink": {"link_id": "/id"},
    "PublicPageOut": {"event_type": "/event_types/0/slug"},
    "ScheduleOut": {"schedule_id": "/id"},
    "WebhookWithSecret": {"webhook_id": "/id"},
}
_WAITING = {"429", "503"}
_REF = "#/components/schemas/{name}"


def document(public: Sequence[HTTPRouteHandler], for_hosts: Sequence[HTTPRouteHandler], settings: HttpSettings) -> Json:
    """Describe the calls; those `for_hosts` need a bearer token."""
    described = [(each, _call(each), "Public") for each in public] + [(each, _call(each), "Host") for each in for_hosts]
    schemas = _Schemas([each for _, call, _ in described for each in (call.query, call.body, call.result) if each])
    examples = _Examples(settings)
    asked_by = {call.id: _path_parameters(handler) for handler, call, _ in described}
    paths: dict[str, Json] = {}
    for handler, call, tag in described:
        (template,) = handler.paths
        (method,) = handler.http_methods
        path = PREFIX + _PARAMETER.sub(r"{\1}", template)
        operation = _operation(call, asked_by[call.id], tag, schemas, examples)
        if links := _links(call, asked_by):
            operation["responses"][str(call.status)]["links"] = links
        paths.setdefault(path, {})[method.lower()] = operation
    queries = {call.query.__name__ for _, call, _ in described if call.query}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TimeTuna",
            "version": settings.version or "dev",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.public_url}],
        "tags": [
            {
                "name": "Public",
                "description": "For guests: no account is needed; writing is rate-limited per IP address. Scripts "
                "of any site may use these calls (CORS).",
            },
            {"name": "Host", "description": "For hosts, with an API token."},
        ],
        "paths": paths,
        "components": {
            # A query's members are parameters, one by one.
            "schemas": {name: each for name, each in schemas.components.items() if name not in queries},
            "examples": examples.components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


class _Schemas:
    def __init__(self, types: list[Any]) -> None:
        self._types = [Problem, *types]
        schemas, components = msgspec.json.schema_components(self._types, ref_template=_REF)
        self._schemas = schemas
        self.components = {name: _described(name, each) for name, each in components.items()}

    def of(self, type_: Any) -> Json:
        return self._schemas[self._types.index(type_)]

    def words(self, result: Any) -> str:
        """What an answer holds."""
        if result is None:
            return "Done. The response has no body."
        schema = self.of(result)
        if "items" in schema:
            return "All of them."
        name: str = schema["$ref"].rpartition("/")[2]
        return self.components[name]["description"]

    def parameters(self, struct: Any) -> list[Json]:
        """A query's members, one by one."""
        whole = self.components[struct.__name__]
        required = whole.get("required", ())
        return [
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "description": schema["description"],
                **_example(query_example(struct, name)),
                "schema": {key: value for key, value in schema.items() if key != "description"},
            }
            for name, schema in whole["properties"].items()
        ]


class _Examples:
    """What examples of bodies there are, each once."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self.components: dict[str, Json] = {}

    def of(self, type_: Any) -> Json:
        return {name: self._kept(name, found) for name, found in examples_of(type_).items()}

    def of_problem(self, code: str) -> Json:
        return {code: self._kept(code, problem_example(code, self._settings))}

    def _kept(self, name: str, value: Any) -> Json:
        self.components[name] = {"value": value}
        return {"$ref": f"#/components/examples/{name}"}


def _example(value: Any) -> Json:
    return {} if value is None else {"example": value}


def _described(name: str, schema: Json) -> Json:
    """The schema with the first line of its docstring, and with what is said here about its members."""
    described = {**schema}
    if docstring := schema.get("description"):
        described["description"] = " ".join(docstring.partition("\n\n")[0].split())
    if members := _MEMBERS.get(name):
        properties: dict[str, Json] = schema["properties"]
        described["properties"] = {
            member: {**each, "description": members[member]} if member in members else each
            for member, each in properties.items()
        }
    return described


def _call(handler: HTTPRouteHandler) -> Call:
    return handler.opt["call"]


def _operation(call: Call, path_parameters: list[str], tag: str, schemas: _Schemas, examples: _Examples) -> Json:
    parameters: list[Json] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            **_example(path_example(name)),
            "schema": {"type": "string", "minLength": 1},
        }
        for name in path_parameters
    ]
    if call.query:
        parameters += schemas.parameters(call.query)
    if call.takes_key:
        key = {"type": "string", "minLength": 1, "maxLength": LONGEST_IDEMPOTENCY_KEY, "pattern": "^[!-~]+$"}
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": _KEY,
                "example": "7f1c2a9e-1d51-4a53-9b0e-0c8d5f2b6a11",
                "schema": key,
            }
        )
    operation: Json = {
        "operationId": call.id,
        "summary": call.summary,
        "tags": [tag],
        "parameters": parameters,
        "responses": _responses(call, tag, schemas, examples),
    }
    if call.description:
        operation["description"] = call.description
    if call.body:
        required = {"required": list(call.members_required)} if call.members_required else {}
        body = {"schema": {**schemas.of(call.body), **required}, "examples": examples.of(call.body)}
        content = {"application/json": body}
        operation["requestBody"] = {"required": call.body_required, "content": content}
    operation["security"] = [{"token": list(call.scopes)}] if tag == "Host" else []
    return operation


def _path_parameters(handler: HTTPRouteHandler) -> list[str]:
    (template,) = handler.paths
    return cast("list[str]", _PARAMETER.findall(template))


def _links(call: Call, asked_by: Mapping[str, list[str]]) -> Json:
    """The calls about what this one has made, with where their path's parameters come from."""
    made = _IDS_IN.get(getattr(call.result, "__name__", ""), {})
    own = asked_by[call.id]
    if made.keys() & set(own) and call.status != HTTP_201_CREATED:
        return {}
    known = {
        **{each: f"$request.path.{each}" for each in own},
        **{each: f"$response.body#{pointer}" for each, pointer in made.items()},
    }
    return {
        other: {"operationId": other, "parameters": {each: known[each] for each in asked}}
        for other, asked in asked_by.items()
        if made.keys() & set(asked) and set(asked) <= known.keys()
    }


def _responses(call: Call, tag: str, schemas: _Schemas, examples: _Examples) -> Json:
    good: Json = {"description": call.gives or schemas.words(call.result)}
    if call.result is not None:
        body = {"schema": schemas.of(call.result), "examples": examples.of(call.result)}
        good["content"] = {"application/json": body}
    if call.takes_key:
        good["headers"] = {
            "Idempotent-Replayed": {
                "description": "`true` where the same request had been accepted before.",
                "schema": {"type": "string", "enum": ["true"]},
            }
        }
    every = call.every_problem(for_hosts=tag == "Host")
    responses: Json = {str(call.status): good}
    for name in filter(every.__contains__, STATUS):
        response = responses.setdefault(str(STATUS[name]), _problem_response(schemas))
        response["description"] += f"`{name}` "
        response["content"]["application/problem+json"]["examples"] |= examples.of_problem(name)
    for response in responses.values():
        response["description"] = response["description"].strip()
    wait = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
    for status in _WAITING & responses.keys():
        responses[status]["headers"] = {"Retry-After": wait}
    return responses


def _problem_response(schemas: _Schemas) -> Json:
    return {"description": "", "content": {"application/problem+json": {"schema": schemas.of(Problem), "examples": {}}}}

"""A collector of traces that takes OTLP over HTTP and reads it with the official protobuf package."""

import gzip
from typing import Any

import msgspec
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class CollectedSpan(msgspec.Struct, frozen=True):
    """`parent` is empty for the beginning of a trace; `kind` is 2 for a server, 3 for a client, 5 for a consumer."""

    trace_id: str
    id: str
    parent: str
    name: str
    kind: int
    attributes: dict[str, str | int]
    events: int
    failed: bool


class OtlpReceiver:
    """An ASGI app.

    Attributes:
        spans: all that came.
        resources: what the processes said of themselves.
    """

    def __init__(self) -> None:
        self.spans: list[CollectedSpan] = []
        self.resources: list[dict[str, str | int]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, has_more = b"", True
        while has_more:
            message = await receive()
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
        assert "/v1/traces" == scope["path"]
        if dict(scope["headers"]).get(b"content-encoding") == b"gzip":
            body = gzip.decompress(body)
        self._take(ExportTraceServiceRequest.FromString(body))
        headers = [(b"content-type", b"application/x-protobuf"), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def trace(self, name: str) -> list[CollectedSpan]:
        """The spans of the first trace that has a span of this name."""
        ids = [each.trace_id for each in self.spans if each.name == name]
        return [each for each in self.spans if ids and each.trace_id == ids[0]]

    def _take(self, request: ExportTraceServiceRequest) -> None:
        for of_process in request.resource_spans:
            self.resources.append(_read(of_process.resource.attributes))
            for of_tracer in of_process.scope_spans:
                self.spans += [
                    CollectedSpan(
                        trace_id=span.trace_id.hex(),
                        id=span.span_id.hex(),
                        parent=span.parent_span_id.hex(),
                        name=span.name,
                        kind=span.kind,
                        attributes=_read(span.attributes),
                        events=len(span.events),
                        failed=span.status.code == span.status.STATUS_CODE_ERROR,
                    )
                    for span in of_tracer.spans
                ]


def _read(attributes: Any) -> dict[str, str | int]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}

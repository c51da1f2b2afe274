"""Spans sent to a collector by OTLP over HTTP; imported only where that is wanted."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import uuid4

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from adapters.tracing.trace import Kind

_KINDS = {"server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER, "client": SpanKind.CLIENT}


class OtlpRecorder:
    """Records by a provider of its own: what libraries would tell the global one isn't known to be free of names.

    Args:
        url: of the collector, such as `http://127.0.0.1:4318`.
        version: of this program.
    """

    def __init__(self, url: str, version: str) -> None:
        attributes = {"service.name": "timetuna", "service.version": version, "service.instance.id": str(uuid4())}
        self._provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}/v1/traces")))
        self._tracer = self._provider.get_tracer("timetuna")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None, /) -> Generator["OtlpSpan"]:
        context = None if parent is None else self._propagator.extract({"traceparent": parent})
        # An exception's text may quote what people have typed.
        with self._tracer.start_as_current_span(
            name, context, _KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as span:
            yield OtlpSpan(span)

    def close(self) -> None:
        """Send what is left. Blocks, for some seconds where nobody answers."""
        self._provider.shutdown()


class OtlpSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span
        context = span.get_span_context()
        self.trace_id = f"{context.trace_id:032x}"
        self.traceparent = f"00-{self.trace_id}-{context.span_id:016x}-{context.trace_flags:02x}"

    def note(self, name: str, value: str | int, /) -> None:
        self._span.set_attribute(name, value)

    def rename(self, name: str, /) -> None:
        self._span.update_name(name)

    def failed(self, kind: str, /) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))

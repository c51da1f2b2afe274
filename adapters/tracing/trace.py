"""The trace of one request or job, whose id joins its log lines, its spans and its answer.

The recorder of spans is set once in a process; without one there are ids for log lines and answers, and no more.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from random import getrandbits
from typing import Literal, Protocol

Kind = Literal["server", "consumer", "client"]
"""Of a span: a request that came, a job that was taken, or a call that leaves."""


class Span(Protocol):
    """A part of a trace, with a beginning and an end.

    MUST NOT be told what people typed, addresses of any kind, or ids of theirs: traces are kept elsewhere.
    """

    def note(self, name: str, value: str | int, /) -> None: ...

    def rename(self, name: str, /) -> None: ...

    def failed(self, kind: str, /) -> None:
        """Note that it came to nothing; `kind` is a status or the name of an error."""
        ...


class Recorder(Protocol):
    """Records spans."""

    def span(self, name: str, kind: Kind, parent: str | None, /) -> AbstractContextManager["RecordedSpan"]:
        """Begin a span under the current one, or under `parent`, a `traceparent` that another process has given."""
        ...


class RecordedSpan(Span, Protocol):
    trace_id: str
    traceparent: str


class _Unrecorded:
    def note(self, name: str, value: str | int, /) -> None:
        pass

    def rename(self, name: str, /) -> None:
        pass

    def failed(self, kind: str, /) -> None:
        pass


_UNRECORDED = _Unrecorded()

_recorder: Recorder | None = None

_trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_trace_id() -> str | None:
    """The id of the request or job that this code runs for: 32 hexadecimal digits."""
    return _trace_id.get()


def traceparent() -> str | None:
    """What a job has to carry to be part of this trace, by W3C Trace Context; None where nobody records it."""
    return _traceparent.get()


@contextmanager
def recording(recorder: Recorder) -> Generator[None]:
    """Let spans of this process be recorded within the block."""
    global _recorder  # noqa: PLW0603 - like loggers, of which there is one for the process too
    _recorder = recorder
    try:
        yield
    finally:
        _recorder = None


@contextmanager
def begin_trace(name: str, kind: Kind, parent: str | None = None) -> Generator[Span]:
    """Begin what a request or a job is; it is part of another process's trace where that has given a `parent`."""
    if _recorder is None:
        token = _trace_id.set(f"{getrandbits(128):032x}")
        try:
            yield _UNRECORDED
        finally:
            _trace_id.reset(token)
        return
    with _recorder.span(name, kind, parent) as span:
        tokens = _trace_id.set(span.trace_id), _traceparent.set(span.traceparent)
        try:
            yield span
        except BaseException as error:
            span.failed(type(error).__name__)
            raise
        finally:
            _trace_id.reset(tokens[0])
            _traceparent.reset(tokens[1])


@contextmanager
def call(name: str) -> Generator[Span]:
    """Record a call that leaves this process for another's."""
    if _recorder is None or _traceparent.get() is None:
        yield _UNRECORDED
        return
    with _recorder.span(name, "client", None) as span:
        try:
            yield span
        except BaseException as error:
            span.failed(type(error).__name__)
            raise

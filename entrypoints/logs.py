"""Logging: for people on a terminal, as JSON elsewhere, and never a secret."""

import logging
import sys

import structlog

from adapters.tracing.trace import current_trace_id
from entrypoints.settings import LogLevel, Settings

_LEVELS: dict[LogLevel, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def _with_trace(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Say for which request or job a line was written."""
    if (trace_id := current_trace_id()) is not None:
        event["trace_id"] = trace_id
    return event


SHARED: tuple[structlog.typing.Processor, ...] = (
    _with_trace,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up_logs(settings: Settings) -> None:
    """Send structlog's and the standard library's records to stderr in one form."""
    level = _LEVELS[settings.log_level]
    as_json = settings.log_format == "json" or (settings.log_format is None and not sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    # Tracebacks without local variables: those may hold tokens.
    trace: tuple[structlog.typing.Processor, ...] = (structlog.processors.format_exc_info,) if as_json else ()
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *trace, renderer],
            foreign_pre_chain=SHARED,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries say in detail isn't known to be free of secrets.
    root.setLevel(max(logging.INFO, level))
    for name in ("adapters", "application", "entrypoints", "timetuna"):
        logging.getLogger(name).setLevel(level)
    # httpx writes every URL at INFO, with the code of an authorization in it; the others their every step.
    for name in ("httpx", "httpcore", "dramatiq", "uvicorn", "mail.log", "fido2", "mcp"):
        logging.getLogger(name).setLevel(max(logging.WARNING, level))
    # It logs each failure several times, and whoever calls it logs it as well.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

"""How processes log: for people on a terminal, as JSON elsewhere, and never a secret."""

import logging
import sys

import structlog

SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up_logs(log_format: str | None, *, level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records to stderr in one form."""
    as_json = log_format == "json" or (log_format is None and not sys.stderr.isatty())
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
    root.setLevel(level)
    # httpx writes every URL at INFO, with the code of an authorization in it; the others their every step.
    for name in ("httpx", "httpcore", "dramatiq", "uvicorn", "mail.log", "fido2", "mcp"):
        logging.getLogger(name).setLevel(logging.WARNING)
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

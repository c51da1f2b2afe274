"""Metrics for Prometheus: requests, security events, outbox, connections and bookings, without names."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from secrets import compare_digest
from typing import Any, cast

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.status_codes import HTTP_401_UNAUTHORIZED, HTTP_403_FORBIDDEN
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from adapters.http.clients import is_loopback
from adapters.http.settings import HttpSettings
from adapters.http.web.templating import STATIC_PATH
from application.app import App
from application.ports.metrics_snapshot import MOST_FAILED, MetricsSnapshot
from domain.provider import PROVIDERS, about

KEPT_FOR = timedelta(seconds=5)
"""Several who watch one database cost it little more than one."""

_DISK = ("timetuna_database_disk_free_bytes", "timetuna_database_disk_size_bytes")
_DISK_SAYS = ("Free space where the embedded database is.", "All space where the embedded database is.")
_BEGAN = "timetuna_began"
_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Surroundings(msgspec.Struct, frozen=True):
    """What a process knows of servers beside it; None is what it doesn't know, or what isn't there.

    Attributes:
        mail_certificate_ends_at: of the mail server.
        disk: free bytes and all bytes of the file system of the embedded database.
    """

    mail_certificate_ends_at: datetime | None = None
    disk: tuple[int, int] | None = None


class RequestMetrics:
    """What this process has answered, and the security events in it.

    Each process counts for itself, and says which it is: those that share a port would otherwise seem to start anew
    with every scrape.
    """

    def __init__(self, security_events: Mapping[str, int]) -> None:
        # Not the package's global one: every app, those of tests too, counts for itself.
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._process = str(os.getpid())
        self._requests = Counter(
            "timetuna_http_requests",
            "Requests that were answered.",
            ("method", "route", "status", "process"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "timetuna_http_request_seconds",
            "From a request to the first byte of its answer; pages that wait for changes are held on purpose.",
            ("method", "route", "process"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._kept = lru_cache(1024)(self._of)
        self.registry.register(_SecurityEvents(security_events, self._process))

    async def note(self, message: Message, scope: Scope) -> None:
        """A hook for Litestar's `before_send`."""
        if message["type"] != "http.response.start":
            return
        # Litestar types what may be asked of a WebSocket too.
        asked = cast("dict[str, Any]", scope)
        method = asked["method"] if asked["method"] in _METHODS else "other"
        route = _route(asked.get("path_template"))
        requests, seconds = self._kept(method, route, message["status"])
        requests.inc()
        began = asked["state"].get(_BEGAN)
        if began is not None:
            seconds.observe(time.perf_counter() - began)

    def _of(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """What such requests are counted in. Finding it takes longer than counting."""
        return (
            self._requests.labels(method, route, str(status), self._process),
            self._seconds.labels(method, route, self._process),
        )


class Clocked(ASGIMiddleware):
    """Notes when a request came, for `RequestMetrics`; those that lead nowhere don't get here."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["state"][_BEGAN] = time.perf_counter()
        await next_app(scope, receive, send)


def metrics_handler(app: App, requests: RequestMetrics, surroundings: Callable[[], Surroundings]) -> HTTPRouteHandler:
    snapshot = _kept(app.take_metrics_snapshot)

    @get("/metrics", include_in_schema=False)
    async def metrics(
        request: Request[Any, Any, Any], settings: NamedDependency[HttpSettings]
    ) -> Response[bytes] | Response[str]:
        if refused := _refused(request, settings.metrics_token):
            return refused
        now = app.now()
        families = (*_families(await snapshot(now), now), *_of_surroundings(surroundings()))
        everything = _Everything(requests.registry, families)
        return Response(generate_latest(everything), headers={"content-type": CONTENT_TYPE_LATEST})

    return metrics


class _SecurityEvents(Collector):
    def __init__(self, counts: Mapping[str, int], process: str) -> None:
        self._counts = counts
        self._process = process

    def collect(self) -> tuple[Metric, ...]:
        happened = CounterMetricFamily(
            "timetuna_security_events",
            "What happened to accounts, such as sign-ins, failures and locks.",
            labels=("what", "process"),
        )
        for what, count in self._counts.items():
            happened.add_metric((what, self._process), count)
        return (happened,)


_PROXIED = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")


def _refused(request: Request[Any, Any, Any], token: str | None) -> Response[str] | None:
    if token is None:
        # A proxy on this machine comes from loopback for whoever comes to it.
        if is_loopback(request) and not any(name in request.headers for name in _PROXIED):
            return None
        return _text("Metrics are for this machine, or by TIMETUNA_METRICS_TOKEN.", HTTP_403_FORBIDDEN)
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and compare_digest(sent.strip().encode(), token.encode()):
        return None
    return _text("Send the token.", HTTP_401_UNAUTHORIZED, {"WWW-Authenticate": "Bearer"})


def _text(words: str, status_code: int, headers: dict[str, str] | None = None) -> Response[str]:
    return Response(f"{words}\n", status_code=status_code, headers=headers, media_type=MediaType.TEXT)


class _Everything(CollectorRegistry):
    """A registry for one scrape."""

    def __init__(self, registry: CollectorRegistry, families: tuple[Metric, ...]) -> None:
        super().__init__()
        self.register(registry)
        self.register(_Families(families))


class _Families(Collector):
    def __init__(self, families: tuple[Metric, ...]) -> None:
        self._families = families

    def collect(self) -> tuple[Metric, ...]:
        return self._families


def _route(template: str | None) -> str:
    """The template of the path: a guest's own path is a secret, and every path would be a label of its own."""
    if not template:
        return "none"
    return "/static" if template.startswith(STATIC_PATH) else template


def _kept(look: Callable[[], Awaitable[MetricsSnapshot]]) -> Callable[[datetime], Awaitable[MetricsSnapshot]]:
    """Look again only where the last look is some seconds old."""
    lock = asyncio.Lock()
    last: tuple[datetime, MetricsSnapshot] | None = None

    async def snapshot(now: datetime) -> MetricsSnapshot:
        nonlocal last
        async with lock:
            if last is None or not timedelta(0) <= now - last[0] < KEPT_FOR:
                last = now, await look()
            return last[1]

    return snapshot


def _families(snapshot: MetricsSnapshot, now: datetime) -> Iterator[Metric]:
    """The same from every process: they look at one database."""
    jobs = GaugeMetricFamily("timetuna_jobs", "Jobs that aren’t complete, those for later included.", labels=("name",))
    due = GaugeMetricFamily("timetuna_jobs_due", "Jobs that are due or running.", labels=("name",))
    age = GaugeMetricFamily(
        "timetuna_jobs_oldest_seconds",
        "For how long the oldest job has been owed: one of those, or one that has failed and is tried again.",
        labels=("name",),
    )
    failed = GaugeMetricFamily(
        "timetuna_jobs_failed", f"Jobs that have failed and are tried again, up to {MOST_FAILED}.", labels=("name",)
    )
    for each in snapshot.jobs:
        jobs.add_metric((each.job,), each.count)
        due.add_metric((each.job,), each.due)
        age.add_metric((each.job,), _seconds_since(each.owed_since, now))
        failed.add_metric((each.job,), each.failed)
    kept = GaugeMetricFamily(
        "timetuna_mails_kept",
        "Emails that have failed and are tried again, of those that fell due after the mail server took the last one.",
        value=snapshot.mails_kept,
    )
    happened = GaugeMetricFamily(
        "timetuna_booking_events_last_hour",
        "What happened to bookings in the last hour, by the meeting type that the guest asked for.",
        labels=("what", "meeting_type"),
    )
    for each in snapshot.happened:
        happened.add_metric((each.what, each.requested), each.count)
    connections = GaugeMetricFamily(
        "timetuna_provider_connections", "Hosts’ accounts at providers.", labels=("provider", "status")
    )
    for each in snapshot.connections:
        connections.add_metric((each.provider, each.status), each.count)
    waiting = GaugeMetricFamily(
        "timetuna_work_waiting_seconds", "For how long the oldest due job has been taken by no worker."
    )
    waiting.add_metric((), _seconds_since(snapshot.not_taken_since, now))
    calendars = GaugeMetricFamily("timetuna_calendars", "Hosts’ calendars that block times.", labels=("kind", "state"))
    for each in snapshot.calendars:
        calendars.add_metric((each.kind, each.state), each.count)
    yield from (jobs, due, age, failed, kept, waiting, happened, connections, *_of_quotas(snapshot), calendars)
    yield from _of_webhooks(snapshot, now)


def _of_quotas(snapshot: MetricsSnapshot) -> Iterator[Metric]:
    """Of providers that make only so many meetings a day for one account."""
    made = GaugeMetricFamily(
        "timetuna_provider_meetings_today",
        "Meetings that the busiest account at a provider has made since midnight UTC.",
        labels=("provider",),
    )
    most = GaugeMetricFamily(
        "timetuna_provider_meetings_limit", "How many a provider makes for one account a day.", labels=("provider",)
    )
    used = {each.provider: each.meetings for each in snapshot.quotas}
    for provider in PROVIDERS:
        if (limit := about(provider).meetings_a_day) is not None:
            made.add_metric((provider,), used.get(provider, 0))
            most.add_metric((provider,), limit)
    yield from (made, most)


def _of_surroundings(known: Surroundings) -> Iterator[Metric]:
    if known.mail_certificate_ends_at is not None:
        ends = GaugeMetricFamily(
            "timetuna_smtp_certificate_end_timestamp_seconds",
            "When the certificate of the mail server ends, in seconds since 1970.",
        )
        ends.add_metric((), known.mail_certificate_ends_at.timestamp())
        yield ends
    if known.disk is not None:
        for name, says, value in zip(_DISK, _DISK_SAYS, known.disk, strict=True):
            yield GaugeMetricFamily(name, says, value=value)


def _seconds_since(instant: datetime | None, now: datetime) -> float:
    return 0.0 if instant is None else max(0.0, (now - instant).total_seconds())


def _of_webhooks(snapshot: MetricsSnapshot, now: datetime) -> Iterator[Metric]:
    deliveries = GaugeMetricFamily(
        "timetuna_webhook_deliveries_last_hour",
        "What has become of the last hour’s events on their way to webhooks.",
        labels=("result",),
    )
    for each in snapshot.deliveries:
        deliveries.add_metric((each.result,), each.count)
    attempts = CounterMetricFamily(
        "timetuna_webhook_attempts", "Requests to webhooks, by what they came to.", labels=("result",)
    )
    for each in snapshot.attempts:
        attempts.add_metric((each.result,), each.count)
    webhooks = GaugeMetricFamily("timetuna_webhooks", "Hosts’ webhooks.", labels=("state",))
    for each in snapshot.webhooks:
        webhooks.add_metric((each.state,), each.count)
    age = GaugeMetricFamily(
        "timetuna_webhook_delivery_oldest_seconds",
        "For how long the oldest event has been on its way that a webhook is still to take.",
    )
    age.add_metric((), _seconds_since(snapshot.oldest_delivery_at, now))
    yield from (deliveries, attempts, webhooks, age)

"""The alerts as they are shipped, on what is scraped each minute while something is really broken."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from litestar import get
from prometheus_client.parser import text_string_to_metric_families

from adapters.http.metrics import Surroundings
from application.actor import HostActor
from application.ports.mail import MailTryLater, RecipientRefused
from application.ports.provider import NotPermitted, ProviderError, TryLater
from domain.calendar_problem import CalendarGone
from domain.connection import day_of
from domain.mail_problem import ServerAnswered
from domain.provider_problem import DailyLimitReached, MeetingsNotAllowed, TimedOut
from tests.support.alerts import RULES, asked_for
from tests.support.builders import a_host, a_page, zoom
from tests.support.calendar_world import TEN, CalendarWorld
from tests.support.memory_app import MemoryApp
from tests.support.serving import THIS_MACHINE, Server, a_request, an_open_page

pytestmark = pytest.mark.prometheus

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FOREVER = 1_000
WATCHED = asked_for(RULES.read_text("utf-8"))
FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'
UP = 'up{instance="web",job="timetuna"}'


class Scraped:
    """An installation and a Prometheus beside it; time passes in both alone."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.memory = server.memory
        self._file = folder / "scraped.test.yml"
        self._began = self.memory.clock()
        self._scrapes: list[dict[str, float]] = []
        self._starts = _starts()

    async def is_booked(self, address: str, *, times: int = 1) -> None:
        for _, start in zip(range(times), self._starts, strict=False):
            answer = await self.server.client().post(f"{address}/bookings", json=a_request(start=start.isoformat()))
            assert 201 == answer.status_code, answer.text

    async def passes(self, minutes: int, *, with_worker: bool = True, opened: str | None = None) -> None:
        """Scrape each minute, after the worker has done what is due, and somebody has `opened` a page."""
        for _ in range(minutes):
            self.memory.clock.advance(MINUTE)
            if with_worker:
                await self.memory.work_off()
            if opened is not None:
                await self.server.client().get(opened)
            self._scrapes.append(await self._scrape())

    def fires(self, *alerts: str, minute: int | None = None) -> None:
        """Assert that these alerts fire after so many minutes or by now, and no others."""
        asked = {
            "expr": FIRING,
            "eval_time": f"{(minute or len(self._scrapes)) - 1}m",
            "exp_samples": [{"labels": f'{{alertname="{each}"}}', "value": 1} for each in alerts],
        }
        series = [{"series": name, "values": " ".join(values)} for name, values in self._series().items()]
        test = {"interval": "1m", "input_series": series, "promql_expr_test": [asked]}
        # JSON is YAML.
        self._file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}))
        ended = subprocess.run(
            ["promtool", "test", "rules", self._file], capture_output=True, text=True, timeout=60, check=False
        )
        assert 0 == ended.returncode, ended.stdout + ended.stderr

    async def _scrape(self) -> dict[str, float]:
        text = (await self.server.client(address=THIS_MACHINE).get("/metrics")).text
        found = {UP: 1.0}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name in WATCHED:
                    labels = {**sample.labels, "instance": "web", "job": "timetuna"}
                    named = ",".join(f"{name}={json.dumps(value)}" for name, value in sorted(labels.items()))
                    found[f"{sample.name}{{{named}}}"] = sample.value
        return found

    def _series(self) -> dict[str, list[str]]:
        """What was scraped, on promtool's clock, which begins at 0."""
        series: dict[str, list[str]] = defaultdict(list)
        for name in {name for each in self._scrapes for name in each}:
            zero = self._began.timestamp() if "_timestamp_seconds{" in name else 0.0
            was_there = False
            for each in self._scrapes:
                gone = "stale" if was_there else "_"
                was_there = name in each
                series[name].append(f"{each[name] - zero:.3f}" if was_there else gone)
        return series


@pytest.fixture
def scraped(tmp_path: Path) -> Scraped:
    return Scraped(Server(own_routes=True, rate_limit=False), tmp_path)


async def test_where_all_is_well_none_fires(tmp_path: Path) -> None:
    world = await CalendarWorld.with_page()
    await world.connect("anna", "work")
    scraped = Scraped(Server(world.memory, own_routes=True, rate_limit=False), tmp_path)
    host, address = await an_open_page(scraped.server)
    await scraped.memory.app.add_webhook(HostActor(host.id), "https://up.example/", ("booking.created",))
    await scraped.is_booked(address, times=20)

    await scraped.passes(90, opened="/healthz")

    scraped.fires()


async def test_a_mail_server_that_is_away_is_told_for_as_long_as_it_is(scraped: Scraped) -> None:
    _, address = await an_open_page(scraped.server)
    scraped.memory.mailer.refuse(MailTryLater(ServerAnswered(421, "busy")), times=FOREVER)
    await scraped.is_booked(address, times=2)

    await scraped.passes(60)

    scraped.fires(minute=10)
    for minute in range(25, 61, 5):
        scraped.fires("TimeTunaMailKept", minute=minute)
    scraped.memory.mailer.recovers()
    await scraped.passes(90)
    scraped.fires()


async def test_recipients_who_are_put_off_for_days_are_no_alarm_and_hide_no_mail_server_that_goes_away(
    scraped: Scraped,
) -> None:
    _, address = await an_open_page(scraped.server)
    mailer = scraped.memory.mailer
    mailer.put_off("guest", MailTryLater(ServerAnswered(450, "no such domain")))
    await scraped.is_booked(address, times=4)

    await scraped.passes(120)

    scraped.fires()
    mailer.refuse(MailTryLater(ServerAnswered(421, "busy")), times=FOREVER)
    await scraped.is_booked(address, times=2)
    await scraped.passes(30)
    scraped.fires("TimeTunaMailKept")


async def test_a_provider_that_is_away_is_told_and_one_hosts_account_is_not(scraped: Scraped) -> None:
    _, address = await an_open_page(scraped.server)
    scraped.memory.providers["zoom"].fail("create", TryLater(TimedOut("zoom")), times=FOREVER)
    await scraped.is_booked(address)

    await scraped.passes(60)

    scraped.fires()
    await scraped.is_booked(address, times=3)
    await scraped.passes(30)
    scraped.fires("TimeTunaOldestJob")


async def test_a_quota_that_is_used_up_is_told_and_waiting_for_the_next_is_no_failure(scraped: Scraped) -> None:
    host, address = await an_open_page(scraped.server)
    now = scraped.memory.clock()
    async with scraped.memory.ports.begin() as uow:
        connection = await uow.connections.lock(host.id, "zoom")
        assert connection is not None
        uow.connections.save(msgspec.structs.replace(connection, meetings_on=day_of(now), meetings_made=100))
    limit = DailyLimitReached("zoom", now + 12 * HOUR)
    scraped.memory.providers["zoom"].fail("create", TryLater(limit, at=limit.resets_at))
    await scraped.is_booked(address)

    await scraped.passes(60)

    scraped.fires("TimeTunaQuotaNear")


async def test_calendars_that_can_neither_be_read_nor_watched_are_told_as_that_alone(tmp_path: Path) -> None:
    world = await CalendarWorld.with_page(MemoryApp(pushes=True))
    await world.connect("anna", "work")
    reader = world.memory.calendar_readers["google"]
    reader.hold("anna")
    reader.fail("anna", "work", CalendarGone())
    scraped = Scraped(Server(world.memory, own_routes=True), tmp_path)

    await scraped.passes(120)

    scraped.fires("TimeTunaCalendarsBroken")


async def test_emails_that_are_refused_for_good_are_told(scraped: Scraped) -> None:
    _, address = await an_open_page(scraped.server)
    scraped.memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "spam")), times=FOREVER)
    await scraped.is_booked(address, times=5)

    await scraped.passes(30)

    scraped.fires("TimeTunaMailRefused")


async def test_bookings_that_get_no_link_are_told(scraped: Scraped) -> None:
    host = a_host()
    _, address = await an_open_page(scraped.server, a_page(host, meeting_types=(zoom,)), host)
    error: ProviderError = NotPermitted(MeetingsNotAllowed("zoom"))
    scraped.memory.providers["zoom"].fail("create", error, times=FOREVER)
    await scraped.is_booked(address, times=3)

    await scraped.passes(30)

    scraped.fires("TimeTunaMeetingsGivenUp")


async def test_without_a_worker_work_and_webhooks_wait(scraped: Scraped) -> None:
    host, address = await an_open_page(scraped.server)
    for number in range(6):
        url = f"https://hooks.example/{number}"
        await scraped.memory.app.add_webhook(HostActor(host.id), url, ("booking.created",))
    await scraped.is_booked(address, times=20)

    await scraped.passes(30, with_worker=False)

    scraped.fires("TimeTunaNoWorker", "TimeTunaWebhooksWaiting", minute=17)
    scraped.fires("TimeTunaNoWorker", "TimeTunaWebhooksWaiting", "TimeTunaOldestJob")


async def test_a_certificate_that_ends_and_a_disk_that_fills_up_are_told(tmp_path: Path) -> None:
    world = await CalendarWorld.with_page()
    around = Surroundings(world.memory.clock() + timedelta(days=10), (9, 100))
    scraped = Scraped(Server(world.memory, surroundings=around), tmp_path)

    await scraped.passes(65)

    scraped.fires("TimeTunaMailCertificateEnds", "TimeTunaDatabaseDisk")


async def test_pages_that_fail_are_told(tmp_path: Path) -> None:
    @get("/broken")
    async def broken() -> None:
        raise ConnectionError

    scraped = Scraped(Server(more=(broken,)), tmp_path)

    await scraped.passes(20, opened="/broken")

    scraped.fires("TimeTunaErrors")


async def test_who_asks_whether_a_process_is_ready_is_no_guest(tmp_path: Path) -> None:
    scraped = Scraped(Server(parts={"broker": "doesn’t answer"}), tmp_path)

    await scraped.passes(20, opened="/readyz")

    scraped.fires()


def _starts() -> Iterator[datetime]:
    """Free on every page of the builders."""
    for day in range(4):
        for hour in range(5):
            yield TEN + day * 24 * HOUR + hour * HOUR

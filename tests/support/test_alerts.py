"""Alerts and the dashboard ask for metrics that there are."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from application.jobs import MAIL_JOBS, Job, tag_of
from entrypoints.disk import LEAST_FREE
from tests.support.alerts import DASHBOARD, RULES, asked_for
from tests.support.processes import ROOT
from tests.support.serving import THIS_MACHINE, Server, a_request, an_open_page

RESERVED = {"job", "instance"}
"""Prometheus's own: a metric's label of such a name would be called `exported_…`."""


@pytest.mark.parametrize("file", [RULES, DASHBOARD], ids=lambda file: file.name)
def test_each_metric_that_is_asked_for_is_explained(file: Path) -> None:
    operating = (ROOT / "docs/operating.md").read_text("utf-8")
    names = {name.removesuffix("_bucket") for name in asked_for(file.read_text("utf-8"))}

    assert names
    assert set() == {name for name in names if f"| `{name}` |" not in operating}


def test_each_alert_has_a_case_in_which_it_is_raised() -> None:
    """`make operations` lets Prometheus itself decide; this sees that no alert was left out there."""
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text("utf-8"))
    raised = re.findall(r'alertname="(\w+)"', RULES.with_suffix(".test.yml").read_text("utf-8"))

    assert {*alerts} == {*raised}


def test_the_alert_of_a_full_disk_has_the_doctors_bound() -> None:
    free, size = "timetuna_database_disk_free_bytes", "timetuna_database_disk_size_bytes"

    assert f"expr: {free} / {size} < {LEAST_FREE}\n" in RULES.read_text("utf-8")


def test_emails_are_all_the_jobs_that_are_one() -> None:
    texts = DASHBOARD.read_text("utf-8").replace("\\", "") + RULES.read_text("utf-8")
    [named] = set(re.findall(r'name=~"([^"]+)"', texts))

    assert {tag_of(each) for each in MAIL_JOBS} == {
        tag for tag in map(tag_of, get_args(Job)) if re.fullmatch(named, tag)
    }


async def test_no_label_is_prometheuss_own() -> None:
    server = Server(own_routes=True)
    _, address = await an_open_page(server)
    await server.client().post(f"{address}/bookings", json=a_request())

    text = (await server.client(address=THIS_MACHINE).get("/metrics")).text

    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    assert "timetuna_jobs" in {each.name for each in samples}
    assert set() == {label for each in samples for label in each.labels} & RESERVED


def test_each_panel_asks_the_chosen_source_one_thing() -> None:
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]

    assert len(panels) == len({each["id"] for each in panels}) == len({each["title"] for each in panels})
    assert {"${source}"} == {target["datasource"]["uid"] for each in panels for target in each["targets"]}
    places = [each["gridPos"] for each in panels]
    assert all(each["x"] + each["w"] <= 24 for each in places)

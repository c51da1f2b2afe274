"""The alerts as Prometheus itself reads them, and the metrics as it scrapes them."""

import json
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.alerts import RULES
from tests.support.deployment import Deployment
from tests.support.machine import prometheus
from tests.support.processes import answers, free_port, start

pytestmark = [pytest.mark.redis, pytest.mark.prometheus]

CONFIGURATION = """
global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [{rules}]
scrape_configs:
  - job_name: timetuna
    static_configs: [{{ targets: ["{target}"] }}]
"""


@pytest.mark.parametrize(
    "command", [("check", "rules", "timetuna.rules.yml"), ("test", "rules", "timetuna.rules.test.yml")]
)
def test_each_alert_is_raised_where_it_has_to_be_and_none_where_all_is_well(command: tuple[str, ...]) -> None:
    ended = subprocess.run(["promtool", *command], cwd=RULES.parent, capture_output=True, text=True, check=False)

    assert 0 == ended.returncode, ended.stdout + ended.stderr


async def test_a_prometheus_without_a_worker_beside_it_sees_that_work_waits(
    deployment: Deployment, tmp_path: Path
) -> None:
    base = await deployment.web()
    host = await deployment.host()
    await deployment.connect_zoom(host)
    await deployment.store.pool.execute(
        "insert into outbox (job, key, payload, due_at) values ('mail_account', 'x', $1, now() - interval '1 hour')",
        json.dumps({"job": "mail_account", "mail_id": "x"}),
    )
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    configuration = tmp_path / "prometheus.yml"
    configuration.write_text(CONFIGURATION.format(rules=RULES, target=base.removeprefix("http://")), "utf-8")
    command = (f"--config.file={configuration}", f"--storage.tsdb.path={tmp_path / 'series'}")
    running = await start(
        tmp_path / "prometheus.log", prometheus() or "", *command, f"--web.listen-address=127.0.0.1:{port}"
    )
    deployment.running.append(running)
    await answers(f"{url}/-/ready", running)
    async with httpx.AsyncClient(base_url=url) as client:

        async def is_pending() -> bool:
            alerts = (await client.get("/api/v1/alerts")).json()["data"]["alerts"]
            return any(each["labels"]["alertname"] == "TimeTunaNoWorker" for each in alerts)

        await deployment.until(is_pending)
        query = {"query": 'timetuna_jobs_oldest_seconds{job="timetuna", name="mail_account"}'}
        [oldest] = (await client.get("/api/v1/query", params=query)).json()["data"]["result"]

    assert float(oldest["value"][1]) >= 3600

"""Traces of real processes at a real collector, from a request through its job to the provider."""

import json

import httpx
import pytest

from adapters.sandbox.serve import serving
from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, ready
from tests.support.otlp_receiver import CollectedSpan, OtlpReceiver

pytestmark = pytest.mark.redis

TOLD = {
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "timetuna.attempt",
    "error.type",
}


async def test_one_id_joins_a_request_its_log_lines_its_job_and_the_calls_of_that(deployment: Deployment) -> None:
    collector = OtlpReceiver()
    async with serving(collector) as url:
        deployment.environ["TIMETUNA_OTLP_URL"] = url
        base = await deployment.web()
        worker = await deployment.workers()
        host = await deployment.host()
        await deployment.connect_zoom(host)
        async with httpx.AsyncClient(base_url=base, timeout=30) as client:
            refused = (await client.get("/api/v1/bookings")).json()
            hook = {"url": "https://hooks.example/", "events": ["booking.cancelled"]}
            (await client.post("/api/v1/webhooks", json=hook, headers=host.headers)).raise_for_status()
            path = await host.publishes(client)
            [start] = await free_times(client, path, 1)
            await ready(client, await books(client, path, start))
        # What is left is sent at the end.
        await worker.stop()
        await deployment.webs[base].stop()

    request, job, call = _path(collector.trace("POST zoom"), "POST zoom")
    assert ("POST /api/v1/public/{handle}/{page}/{event_type}/bookings", 2) == (
        request.name,
        request.kind,
    )
    assert ("job create_meeting", 5, "POST zoom", 3) == (job.name, job.kind, call.name, call.kind)
    assert {"http.request.method": "POST", "http.response.status_code": 201} == call.attributes
    assert {"job mail_booking", "SMTP send"} <= {each.name for each in collector.trace("POST zoom")}

    by_id = {each.trace_id: each for each in collector.spans}
    kind, _, trace_id = refused["instance"].partition("#")
    assert (refused["type"], "GET /api/v1/bookings") == (kind, by_id[trace_id].name)
    lines = [json.loads(line) for line in deployment.webs[base].says().splitlines()]
    [added] = [each for each in lines if each.get("what") == "webhook-added"]
    assert "POST /api/v1/webhooks" == by_id[added["trace_id"]].name

    assert TOLD >= {name for each in collector.spans for name in each.attributes}
    everything = str(collector.spans)
    for secret in ("Ana", "anna", "guests.example", "hooks.example", "/b/", start, host.id):
        assert secret not in everything


def _path(spans: list[CollectedSpan], name: str) -> list[CollectedSpan]:
    """From the beginning of a trace to a span."""
    by_id = {each.id: each for each in spans}
    found = [next(each for each in spans if each.name == name)]
    while found[0].parent:
        found.insert(0, by_id[found[0].parent])
    return found

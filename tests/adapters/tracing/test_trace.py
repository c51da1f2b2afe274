"""Spans as a real collector gets them, and the id that joins them with log lines and answers."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from adapters.http_client.http import ProviderHttp
from adapters.jobs.actors import message_of
from adapters.postgres.outbox import due_rows, leases_of, trace_in
from adapters.sandbox.serve import serving
from adapters.tracing.trace import begin_trace, call, current_trace_id
from application.jobs import CreateMeetingJob, Due
from application.ports.provider import TryLater
from domain.ids import BookingId
from entrypoints.traces import traces_sent
from tests.support.otlp_receiver import OtlpReceiver

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DUE = Due(CreateMeetingJob(BookingId("b1")), NOW)


async def test_a_request_its_job_and_the_call_of_that_are_one_trace() -> None:
    receiver = OtlpReceiver()
    async with serving(receiver) as url, traces_sent(url):
        with begin_trace("POST", "server"):
            payload = stored_payload()
            [lease] = leases_of([DUE], NOW)
        assert lease is not None
        assert lease.trace == trace_in(payload) == message_of(lease).args[-1]
        with begin_trace("job create_meeting", "consumer", lease.trace), call("POST zoom") as span:
            span.note("http.response.status_code", 201)

    request, job, left = (
        next(each for each in receiver.spans if each.name == name)
        for name in ("POST", "job create_meeting", "POST zoom")
    )
    assert ("", request.id, job.id) == (request.parent, job.parent, left.parent)
    assert 1 == len({each.trace_id for each in receiver.spans})
    assert {"http.response.status_code": 201} == left.attributes
    assert "timetuna" == receiver.resources[0]["service.name"]


async def test_what_went_wrong_is_told_by_its_kind_alone() -> None:
    receiver = OtlpReceiver()
    async with serving(receiver) as url, traces_sent(url):
        with pytest.raises(ValueError, match="Ana"), begin_trace("POST", "server"):
            raise ValueError("Ana Brito, ana@guests.example")

    [span] = receiver.spans
    assert span.failed
    assert {"error.type": "ValueError"} == span.attributes
    assert 0 == span.events


async def test_a_call_to_a_provider_is_told_without_its_address() -> None:
    receiver = OtlpReceiver()
    async with serving(receiver) as url, traces_sent(url):
        client = ProviderHttp("zoom", timedelta(seconds=10))
        with begin_trace("job create_meeting", "consumer"), pytest.raises(TryLater):
            await client.get("http://127.0.0.1:9/users/anna@zoom.example?code=secret", "token")
        await client.aclose()

    left = next(each for each in receiver.spans if each.kind == 3)
    assert ("GET zoom", {"http.request.method": "GET", "error.type": "TryLater"}) == (left.name, left.attributes)


def test_nobody_who_records_means_an_id_for_log_lines_and_nothing_for_jobs() -> None:
    with begin_trace("POST", "server"):
        payload = stored_payload()
        first = current_trace_id()
    with begin_trace("POST", "server"):
        second = current_trace_id()

    assert len(first or "") == len(second or "") == 32
    assert first != second
    assert '{"job":"create_meeting","booking_id":"b1"}' == payload
    assert current_trace_id() is None


def stored_payload() -> str:
    [row] = msgspec.json.decode(due_rows([DUE]), type=list[dict[str, msgspec.Raw]])
    return bytes(row["payload"]).decode()

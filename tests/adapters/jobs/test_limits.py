"""A job never outlives its lease, whoever runs the worker."""

import asyncio

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AsyncIO

from adapters.jobs.actors import LONGEST_JOB_SECONDS, Aside, declare_actors, message_of
from adapters.jobs.job_broker import QUEUE
from adapters.jobs.relay import LEASE
from adapters.mail.smtp import PATIENCE
from application.jobs import CreateMeetingJob
from application.ports.outbox import Lease
from domain.ids import BookingId


async def test_a_job_that_never_ends_is_cancelled_so_that_it_never_runs_beside_itself() -> None:
    ended: list[str] = []

    async def never_ends(lease: Lease) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(lease.job.key)
            raise

    broker = StubBroker(middleware=[AsyncIO()])
    broker.declare_queue(QUEUE)
    declare_actors(broker, lambda: never_ends, Aside(), longest=0.05)
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=50)
    await asyncio.to_thread(worker.start)
    broker.enqueue(  # pyright: ignore[reportUnknownMemberType] - dramatiq leaves it open
        message_of(Lease(CreateMeetingJob(BookingId("booking-1")), 1, 0))
    )

    await asyncio.to_thread(broker.join, QUEUE, timeout=10_000, fail_fast=False)
    await asyncio.to_thread(worker.stop)

    assert ["booking-1"] == ended


def test_a_mail_fits_into_its_job_and_a_job_into_its_lease() -> None:
    assert PATIENCE.total < LONGEST_JOB_SECONDS < LEASE.total_seconds() < 60

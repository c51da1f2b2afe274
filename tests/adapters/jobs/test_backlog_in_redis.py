"""A worker that comes late finds messages waiting that ring no bell any more."""
# Dramatiq leaves its message type open.
# pyright: reportUnknownMemberType=false

import asyncio
import threading
from pathlib import Path

import dramatiq
import pytest

from adapters.jobs.broker import make_broker
from adapters.jobs.job_broker import AHEAD, QUEUE
from tests.support.processes import redis_running

MESSAGES = 60


@pytest.mark.redis
async def test_a_backlog_is_worked_off_without_a_pause_after_every_few_messages(tmp_path: Path) -> None:
    done, all_done = list[int](), threading.Event()
    async with redis_running(tmp_path) as url:
        broker = make_broker(url)

        async def note(number: int) -> None:
            done.append(number)
            if len(done) == MESSAGES:
                all_done.set()

        dramatiq.actor(actor_name="note", queue_name=QUEUE, broker=broker)(note)
        *others, last = [dramatiq.Message[None](QUEUE, "note", (number,), {}, {}) for number in range(MESSAGES)]
        broker.send(others)
        last.options[AHEAD] = True
        broker.send([last])
        worker = dramatiq.Worker(broker, worker_threads=1)
        await asyncio.to_thread(worker.start)
        # With a second's wait after every two messages this would take half a minute.
        in_time = await asyncio.to_thread(all_done.wait, 10)
        await asyncio.to_thread(worker.stop)
        broker.close()

    assert in_time
    assert [*range(MESSAGES)] == sorted(done)
    # It was sent to go ahead.
    assert MESSAGES - 1 == done[0]

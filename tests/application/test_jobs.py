"""Every job has a name, and somebody to do it."""

from typing import get_args

from application.jobs import MAIL_JOBS, Job, tag_of
from tests.support.memory_app import MemoryApp


def test_every_kind_of_job_has_a_name_of_its_own_and_a_handler() -> None:
    kinds: tuple[type[Job], ...] = get_args(Job)

    assert len(kinds) == len({tag_of(kind) for kind in kinds})
    assert set(kinds) == set(MemoryApp().app.run_job.handlers)


def test_a_job_named_for_its_mail_is_one() -> None:
    named = ("mail_", "tell_", "remind_", "ask_", "acknowledge_")

    assert {each for each in get_args(Job) if tag_of(each).startswith(named)} == set(MAIL_JOBS)

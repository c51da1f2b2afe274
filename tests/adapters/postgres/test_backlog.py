"""The outbox in PostgreSQL as the relay sees it."""

from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from application.jobs import Due, MailAccountJob
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER_VERSIONS = """
    insert into outbox (job, key, payload, due_at) values
        ('send_sms', '1', '{"job": "send_sms", "id": "1"}', $1),
        ('mail_account', '2', '{"job": "mail_account", "mail_id": 2}', $1)
"""


async def test_jobs_of_a_later_version_keep_no_other_job_from_being_leased(postgres_store: StoreInPostgres) -> None:
    await postgres_store.pool.execute(LATER_VERSIONS, LONG_AGO)
    await keep(postgres_store, Due(MailAccountJob("mail-1"), LONG_AGO))

    with capture_logs() as logs:
        leases = await postgres_store.backlog.lease(10, timedelta(hours=1))

    assert ["mail-1"] == [each.job.key for each in leases]
    assert {"send_sms", "mail_account"} == {each["job"] for each in logs}
    assert [] == await postgres_store.backlog.lease(10, timedelta(hours=1))
    assert 3 == await postgres_store.pool.fetchval("select count(*) from outbox")

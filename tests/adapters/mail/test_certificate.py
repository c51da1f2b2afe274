"""When a mail server's certificate ends, asked of real servers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from adapters.mail.certificate import certificate_ends_at
from adapters.mail.smtp_server import SmtpServer
from application.ports.mail import MailTryLater
from entrypoints.settings import read_settings
from entrypoints.surroundings import Watched
from tests.adapters.mail.scripted_server import Script, listening
from tests.support.certificates import tls_contexts
from tests.support.processes import free_port

A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("ends_in", [timedelta(days=20), timedelta(days=-1)], ids=["good", "ended"])
async def test_a_certificate_says_when_it_ends_even_where_no_mail_gets_through(
    tmp_path: Path, ends_in: timedelta
) -> None:
    context, _ = tls_contexts(tmp_path, ends_in=ends_in)
    async with listening(Script(), at_once=context) as port:
        ends_at = await certificate_ends_at(SmtpServer("127.0.0.1", port, "tls"))

    assert abs(datetime.now(UTC) + ends_in - ends_at) < A_MINUTE


async def test_it_is_seen_behind_starttls_and_stays_known_while_the_server_is_away(tmp_path: Path) -> None:
    context, _ = tls_contexts(tmp_path)
    async with listening(Script(), tls_context=context, require_starttls=True) as port:
        watched = Watched(read_settings({"TIMETUNA_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=starttls"}))
        assert watched().mail_certificate_ends_at is None
        await watched.look()
    seen = watched().mail_certificate_ends_at
    await watched.look()

    assert seen is not None
    assert seen == watched().mail_certificate_ends_at


def test_the_disk_is_that_of_the_embedded_database(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(read_settings({}), database_folder=str(tmp_path))

    disk = Watched(settings)().disk

    assert disk is not None
    assert 0 < disk[0] < disk[1]
    assert Watched(read_settings({}))().disk is None


async def test_a_server_that_is_away_says_nothing() -> None:
    with pytest.raises(MailTryLater):
        await certificate_ends_at(SmtpServer("127.0.0.1", free_port(), "tls"))

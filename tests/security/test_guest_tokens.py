"""A stolen copy of what is stored opens no booking."""

from datetime import timedelta

import httpx
import pytest

from adapters.postgres.housekeeping import reseal
from adapters.vault.tokens import TokenVault
from tests.support.builders import a_page
from tests.support.dump import dump
from tests.support.memory_app import MemoryApp
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.serving import API, Server, a_request, an_open_page
from tests.support.visiting import Fields, Visitor, a_signed_in_host

NEW_KEY = b"k" * 32
KEYED = {"Idempotency-Key": "once"}


@pytest.fixture
def server(postgres_store: StoreInPostgres) -> Server:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    return Server(memory)


async def booked(server: Server) -> tuple[str, str]:
    """Book as a guest; returns the address that was booked at, and the token."""
    _, address = await an_open_page(server)
    answer = await server.client().post(f"{address}/bookings", json=a_request(), headers=KEYED)
    return address, token_in(answer)


async def work_once(memory: MemoryApp) -> None:
    """Run what is due; what is due later by the memory's clock is due at once by the database's."""
    for _ in range(2):
        for lease in await memory.backlog.lease(100, timedelta(minutes=1)):
            await memory.app.run_job(lease)


def token_in(answer: httpx.Response) -> str:
    return answer.json()["manage_url"].rpartition("/")[2]


async def test_a_dump_of_the_whole_database_holds_no_guests_token(
    server: Server, postgres_store: StoreInPostgres
) -> None:
    _, token = await booked(server)
    await work_once(server.memory)

    dumped = await dump(postgres_store)

    assert "ana@guests.example" in dumped
    assert token not in dumped
    assert token.encode().hex() not in dumped


async def test_the_link_in_the_mail_and_the_answer_to_a_repeat_still_open_the_booking(server: Server) -> None:
    address, token = await booked(server)
    await work_once(server.memory)

    repeated = await server.client().post(f"{address}/bookings", json=a_request(), headers=KEYED)

    assert (token, "true") == (token_in(repeated), repeated.headers["idempotent-replayed"])
    assert [token] == [mail.booking.token for mail in server.memory.mailer.mails_to("guest")]
    assert 200 == (await server.client().get(f"{API}/public/bookings/{token}")).status_code


async def test_a_sealed_token_moved_to_another_booking_opens_nothing_there(
    server: Server, postgres_store: StoreInPostgres
) -> None:
    address, _ = await booked(server)
    later = a_request(start="2026-03-03T12:00:00Z")
    await server.client().post(f"{address}/bookings", json=later)
    swapped = """
        update bookings as b set sealed_token = o.sealed_token from bookings as o where o.id <> b.id
    """
    await postgres_store.pool.execute(swapped)

    repeated = await server.client().post(f"{address}/bookings", json=a_request(), headers=KEYED)

    assert "/b/" not in repeated.text


async def test_tokens_sealed_again_open_with_the_new_key_alone(server: Server, postgres_store: StoreInPostgres) -> None:
    _, token = await booked(server)

    done = await reseal(postgres_store.pool, TokenVault([NEW_KEY, KEY]))

    [row] = await postgres_store.pool.fetch("select id, sealed_token from bookings")
    assert 1 == done.tokens
    assert token.encode() == TokenVault([NEW_KEY]).open(row["sealed_token"], f"bookings:{row['id']}")


async def test_the_hosts_file_holds_no_guests_token() -> None:
    server = Server()
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    await server.memory.connect(host)
    address = f"{API}/public/{host.handle}/{page.slug}/{page.event_types[0].slug}"
    token = token_in(await server.client().post(f"{address}/bookings", json=a_request()))

    file = (await visitor.opens("/settings/data/timetuna.json")).html

    assert "ana@guests.example" in file
    assert token not in file
    assert "/b/" not in file


async def test_a_message_to_the_operator_never_holds_a_guests_link() -> None:
    server = Server()
    _, token = await booked(server)
    link = f"https://timetuna.example/b/{token}"
    typed: Fields = {"email": "ana@guests.example", "page_url": link, "message": f"{link}/cancel doesn’t work"}

    await Visitor(server).sends("/support", typed)
    await server.memory.work_off()

    for mail in server.memory.mailer.support:
        assert "https://timetuna.example/b/…" == mail.thread.page_url
        assert "https://timetuna.example/b/…/cancel doesn’t work" == mail.message.text

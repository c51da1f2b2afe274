"""Once a guest's details are erased, no table holds a word of theirs, and nothing shows one."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from application.actor import HostActor, System
from application.booking.access import BookingById
from application.ports.webhooks import Sent
from domain.booking_mails import mail_refused
from domain.booking_page import Question
from domain.host import Host
from domain.ids import BookingId
from domain.mail_problem import ServerAnswered
from tests.support.builders import NOW, a_host, a_page, an_event_type
from tests.support.dump import dump
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres
from tests.support.serving import API, Server, a_request, problem

WORDS = (
    "Quirina",
    "quirina@guests.example",
    "+49309876",
    "My-answer",
    "My-paper",
    "Why-I-moved",
    "Why-I-left",
    "no-mailbox",
)
HOOK, ANSWERED = "https://hooks.example/", "Quirinas-number"
MOVED_TO = "2026-03-03T12:00:00Z"


class Case:
    """A guest who has told everything that a guest can tell."""

    def __init__(self, memory: MemoryApp, host: Host, page_path: str) -> None:
        self.memory = memory
        self.server = Server(memory)
        self.host = host
        self._page_path = page_path
        self.token = ""
        self.id = BookingId("")

    @classmethod
    async def on(cls, memory: MemoryApp) -> "Case":
        host = await memory.host(a_host())
        event_type = an_event_type(questions=(Question("why", "What is it about?"),))
        page = await memory.page(a_page(host, event_type))
        await memory.connect(host)
        path = f"{API}/public/{host.handle}/{page.slug}/{event_type.slug}"
        return cls(memory, host, path)

    async def books(self) -> None:
        guest = {"name": "Quirina", "email": "quirina@guests.example", "timezone": "Asia/Tokyo", "phone": "+49 30 9876"}
        body = a_request(guest=guest, answers={"why": "My-answer"}, tracking={"utm_source": "My-paper"})
        answer = await self.server.client().post(
            f"{self._page_path}/bookings", json=body, headers={"Idempotency-Key": "once"}
        )
        assert 201 == answer.status_code, answer.text
        self.id, self.token = answer.json()["id"], answer.json()["manage_url"].rpartition("/")[2]

    async def moves_and_cancels(self) -> None:
        own = f"{API}/public/bookings/{self.token}"
        moved = {"start": MOVED_TO, "reason": "Why-I-moved"}
        assert 200 == (await self.server.client().post(f"{own}/reschedule", json=moved)).status_code
        async with self.memory.ports.begin() as uow:
            booking = await uow.bookings.lock(self.id)
            assert booking is not None
            refused = mail_refused(booking, "guest", 0, ServerAnswered(550, "no-mailbox quirina@guests.example"), NOW)
            uow.bookings.save(refused.booking, *refused.events)
        assert 200 == (await self.server.client().post(f"{own}/cancel", json={"reason": "Why-I-left"})).status_code

    async def erases(self) -> httpx.Response:
        client = await self.server.host_client(self.host)
        return await client.delete(f"{API}/bookings/{self.id}/guest")

    async def seen_by_host(self) -> Any:
        return (await (await self.server.host_client(self.host)).get(f"{API}/bookings/{self.id}")).json()

    async def seen_by_guest(self) -> Any:
        return (await self.server.client().get(f"{API}/public/bookings/{self.token}")).json()


@pytest.fixture(params=["memory", "postgres"])
def memory(request: pytest.FixtureRequest) -> MemoryApp:
    memory = MemoryApp()
    if request.param == "postgres":
        memory.keep_in(request.getfixturevalue("postgres_store"))
    return memory


@pytest.fixture
async def case(memory: MemoryApp) -> Case:
    return await Case.on(memory)


async def test_every_word_of_the_guest_is_gone_from_every_table(postgres_store: StoreInPostgres) -> None:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    case = await Case.on(memory)
    memory.webhooks.answer(HOOK, Sent(5, 204, response=f"Thank you, {ANSWERED}"))
    await memory.app.add_webhook(HostActor(case.host.id), HOOK, ("booking.created", "booking.cancelled"))
    await case.books()
    for lease in await memory.backlog.lease(100, timedelta(minutes=1)):
        await memory.app.run_job(lease)
    await case.moves_and_cancels()
    before = await dump(postgres_store)
    assert not [word for word in (*WORDS, ANSWERED) if word not in before]
    fingerprints = await postgres_store.pool.fetch("select fingerprint from idempotency_keys")
    assert fingerprints

    assert 204 == (await case.erases()).status_code

    after = await dump(postgres_store)
    assert [] == [word for word in (*WORDS, ANSWERED, "Asia/Tokyo", fingerprints[0][0]) if word in after]


async def test_programs_read_that_the_guest_was_erased(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()

    await case.erases()

    for_host, for_guest = await case.seen_by_host(), await case.seen_by_guest()
    assert {"name": "Erased", "email": None, "timezone": case.host.timezone, "phone": None} == for_host["guest"]
    assert {"name": "Erased", "email": None, "timezone": case.host.timezone} == for_guest["guest"]
    assert [] == for_host["answers"]
    assert "guest_erased" == for_host["timeline"][-1]["what"]
    assert not [word for word in WORDS if word in f"{for_host} {for_guest}"]


async def test_erasing_twice_is_erasing_once(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()

    assert [204, 204] == [(await case.erases()).status_code for _ in range(2)]

    assert 1 == [entry["what"] for entry in (await case.seen_by_host())["timeline"]].count("guest_erased")


async def test_a_booking_that_is_still_to_come_keeps_its_guest(case: Case) -> None:
    await case.books()

    refused = await case.erases()

    assert (409, "booking-open") == (refused.status_code, problem(refused))
    assert "Quirina" == (await case.seen_by_host())["guest"]["name"]


async def test_a_past_booking_can_be_erased(case: Case) -> None:
    await case.books()
    case.memory.clock.advance(timedelta(days=30))

    assert 204 == (await case.erases()).status_code
    assert "Erased" == (await case.seen_by_host())["guest"]["name"]


async def test_another_hosts_guest_is_not_found(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()
    stranger = await case.server.host_client(await case.memory.host(a_host()))

    assert "not-found" == problem(await stranger.delete(f"{API}/bookings/{case.id}/guest"))
    assert "Quirina" == (await case.seen_by_host())["guest"]["name"]


async def test_no_mail_about_the_booking_leaves_afterwards() -> None:
    memory = MemoryApp()
    case = await Case.on(memory)
    await case.books()
    await memory.work_off()
    sent = len(memory.mailer.sent)
    await case.moves_and_cancels()

    await case.erases()
    await memory.work_off()

    assert sent == len(memory.mailer.sent)


async def test_a_mail_servers_answer_that_comes_after_erasing_brings_nothing_back(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()
    await case.erases()

    async with case.memory.ports.begin() as uow:
        booking = await uow.bookings.lock(case.id)
        assert booking is not None
        refused = mail_refused(booking, "guest", 2, ServerAnswered(550, "no-mailbox"), NOW)
        uow.bookings.save(refused.booking, *refused.events)

    assert "no-mailbox" not in f"{await case.seen_by_host()}"


async def test_the_hosts_search_and_file_know_the_guest_no_more(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()
    await case.erases()

    actor = HostActor(case.host.id)
    found = await case.memory.app.list_bookings(actor, "cancelled", limit=9, search="quirina")

    assert [] == found.items
    assert "uirina" not in f"{await case.memory.app.export_data(actor)}"


async def test_old_bookings_are_erased_without_being_asked_and_young_ones_are_kept(case: Case) -> None:
    await case.books()
    ended = datetime.fromisoformat("2026-03-03T10:30:00Z")
    erase = case.memory.erasing_after(timedelta(days=365))

    case.memory.clock.advance(ended + timedelta(days=364) - case.memory.clock())
    assert 0 == await erase(System())
    assert "Quirina" == (await case.seen_by_host())["guest"]["name"]
    case.memory.clock.advance(timedelta(days=1))
    assert 1 == await erase(System())

    assert "Erased" == (await case.seen_by_host())["guest"]["name"]
    assert 0 == await erase(System())


async def test_an_operator_can_keep_everything(case: Case) -> None:
    await case.books()
    case.memory.clock.advance(timedelta(days=9999))

    assert 0 == await case.memory.erasing_after(None)(System())

    assert "Quirina" == (await case.seen_by_host())["guest"]["name"]


async def test_whoever_erases_a_guest_is_in_the_security_log_and_the_guest_isnt(case: Case) -> None:
    await case.books()
    await case.moves_and_cancels()

    await case.erases()

    async with case.memory.ports.begin() as uow:
        [event] = await uow.security_log.of(case.host.id, NOW - timedelta(days=1), 9)
    assert "guest-erased" == event.__struct_config__.tag
    assert "uirina" not in f"{event}"


async def test_a_host_who_cancels_for_good_erases_what_the_guest_typed_and_keeps_their_own_words(case: Case) -> None:
    await case.books()
    by_host = BookingById(HostActor(case.host.id), case.id)
    await case.memory.app.cancel(by_host, "The harbour is closed")

    await case.erases()

    assert "The harbour is closed" in f"{(await case.seen_by_host())['timeline']}"

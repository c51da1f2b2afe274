"""What servers do to who writes to them, and real ones don't do when they are asked to."""

from collections.abc import AsyncGenerator, Callable

import httpx
import pytest
from msgspec.structs import replace

from adapters.caldav.event_file import event_file
from adapters.caldav.session import LARGEST_FILE
from adapters.caldav.writer import CaldavWriter
from application.ports.calendar_writer import CalendarUnwritable, EntryUidSpent
from domain.calendar_entry import EntryChange, EntryContent
from domain.calendar_problem import (
    CalendarGone,
    CalendarProblem,
    CalendarTooLarge,
    ServerBusy,
    ServerRefused,
)
from domain.slot import Slot
from tests.adapters.caldav.scripted import LOGIN, NOW, SPAN, WORK, ScriptedServer, holds, resource
from tests.support.builders import A_DAY

CONTENT = EntryContent(SPAN, "Ana – Intro call", "", "")
FILE = f"{WORK}tt1.ics"
HELD = httpx.Response(200, headers={"etag": '"7"'}, content=event_file("tt1", CONTENT, NOW))


@pytest.fixture
def server() -> ScriptedServer:
    return ScriptedServer()


@pytest.fixture
async def writer(server: ScriptedServer) -> AsyncGenerator[CaldavWriter]:
    writer = CaldavWriter(server, lambda: NOW)
    yield writer
    await writer.aclose()


def in_turn(*answers: int) -> Callable[[httpx.Request], httpx.Response]:
    left = list(answers)
    return lambda _: httpx.Response(left.pop(0))


async def test_a_file_that_is_changed_meanwhile_is_read_anew(server: ScriptedServer, writer: CaldavWriter) -> None:
    server.answers |= {f"GET {FILE}": HELD, f"PUT {FILE}": in_turn(412, 412, 204)}

    entry = await writer.patch(LOGIN, WORK, "tt1", EntryChange(title="New"))

    assert '"7"' == entry.revision
    assert ['"7"'] * 3 == [each.headers["If-Match"] for each in server.asked if each.method == "PUT"]


@pytest.mark.parametrize("etag", [b'"\xc3\xa9"', b'"\xe9"'], ids=["UTF-8", "Latin-1"])
async def test_an_etag_beyond_ascii_goes_back_as_it_came(
    server: ScriptedServer, writer: CaldavWriter, etag: bytes
) -> None:
    server.answers |= {
        f"GET {FILE}": httpx.Response(200, headers=[(b"ETag", etag)], content=HELD.content),
        f"PUT {FILE}": httpx.Response(204),
    }

    entry = await writer.patch(LOGIN, WORK, "tt1", EntryChange(title="New"))

    assert '"é"' == entry.revision
    assert [etag] == [value for each in server.asked for name, value in each.headers.raw if name.lower() == b"if-match"]


async def test_a_file_that_is_changed_all_the_time_is_left_for_later(
    server: ScriptedServer, writer: CaldavWriter
) -> None:
    server.answers |= {f"GET {FILE}": HELD, f"PUT {FILE}": httpx.Response(412)}

    with pytest.raises(CalendarUnwritable) as raised:
        await writer.patch(LOGIN, WORK, "tt1", EntryChange(title="New"))

    assert ServerBusy() == raised.value.problem


@pytest.mark.parametrize("status", [409, 412])
async def test_a_name_that_the_server_knows_from_elsewhere_is_spent(
    server: ScriptedServer, writer: CaldavWriter, status: int
) -> None:
    holds(server)
    server.answers |= {f"PUT {FILE}": httpx.Response(status)}

    with pytest.raises(EntryUidSpent):
        await writer.put(LOGIN, WORK, "tt1", CONTENT, ())


@pytest.mark.parametrize(
    ("status", "problem"), [(403, ServerRefused(403)), (405, ServerRefused(405)), (507, ServerRefused(507))]
)
async def test_a_calendar_that_takes_nothing_says_so(
    server: ScriptedServer, writer: CaldavWriter, status: int, problem: CalendarProblem
) -> None:
    holds(server)
    server.answers |= {f"PUT {FILE}": httpx.Response(status)}

    with pytest.raises(CalendarUnwritable) as raised:
        await writer.put(LOGIN, WORK, "tt1", CONTENT, ())

    assert problem == raised.value.problem


async def test_a_calendar_that_is_gone_is_no_entry_that_was_deleted(writer: CaldavWriter) -> None:
    with pytest.raises(CalendarUnwritable) as raised:
        await writer.seen(LOGIN, WORK, {"tt1": SPAN})

    assert CalendarGone() == raised.value.problem


async def test_what_a_list_leaves_out_is_looked_for(server: ScriptedServer, writer: CaldavWriter) -> None:
    holds(server)
    server.answers |= {f"GET {FILE}": HELD}

    assert {"tt1"} == set(await writer.seen(LOGIN, WORK, {"tt1": SPAN, "tt2": SPAN}))


async def test_a_listed_event_of_any_length_is_not_worked_through(server: ScriptedServer, writer: CaldavWriter) -> None:
    later = event_file("tt1", replace(CONTENT, slot=Slot.lasting(A_DAY, SPAN.end)), NOW).decode()
    found: list[Slot] = []
    for length in (1, LARGEST_FILE):
        long = later.replace("END:VEVENT", f"X-A:{'b' * length}\r\nEND:VEVENT")
        holds(server, resource("/anna/work/tt1.ics", f"<c:calendar-data>{long}</c:calendar-data>"))
        found.append((await writer.seen(LOGIN, WORK, {"tt1": SPAN}))["tt1"].slot)

    assert [Slot.lasting(A_DAY, SPAN.end), SPAN] == found


async def test_an_event_of_any_length_is_not_worked_through(server: ScriptedServer, writer: CaldavWriter) -> None:
    server.answers[f"GET {FILE}"] = httpx.Response(200, content=HELD.content + b"X-A:b\r\n" * 200_000)

    with pytest.raises(CalendarUnwritable) as refused:
        await writer.patch(LOGIN, WORK, "tt1", EntryChange(title="New"))

    assert CalendarTooLarge(1) == refused.value.problem

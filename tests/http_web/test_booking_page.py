"""The public booking page, without scripts."""

from datetime import date, timedelta

import msgspec

from domain.availability import Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import BookingPage, Question
from domain.host import Host
from tests.http.serving import TUESDAY_AT_TEN, Server
from tests.http_web.visiting import Fields, Visitor
from tests.support.builders import NOW, a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom

ANA: Fields = {"name": "Ana Brito", "email": "ana@guests.example", "meeting_type": "zoom"}


async def an_open_page(server: Server, **details: object) -> tuple[Host, BookingPage, str]:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = msgspec.structs.replace(a_page(host), **details)
    await server.memory.page(page)
    return host, page, f"/{host.handle}/{page.slug}/{page.event_types[0].slug}"


def at(path: str, start: str = TUESDAY_AT_TEN) -> str:
    return f"{path}?start={start}&timezone=Europe/Paris"


async def books(server: Server, path: str, **changes: str) -> Visitor:
    """Send the form for Tuesday at ten, opened for a time that nobody takes."""
    form = at(path, "2026-03-20T10:00:00Z")
    guest = await Visitor(server).opens(form)
    key = guest.value("key")
    fields: Fields = {**ANA, "start": TUESDAY_AT_TEN, "timezone": "Europe/Paris", "key": key, **changes}
    return await guest.sends(path, fields, page=form)


async def bookings_of(server: Server, host: Host) -> int:
    found = await server.memory.store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=100)
    return len(found.items)


async def test_a_page_with_one_event_type_shows_its_free_times_at_once(server: Server) -> None:
    host, page, _ = await an_open_page(server)

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}?timezone=Europe/Paris&date=2026-03-03")

    assert "2026-03-03T08:00:00Z" == guest.starts[0]
    assert "Times in Europe/Paris (UTC+01:00)" in guest.text
    assert '<a class="time"' in guest.html
    assert ">09:00<" in guest.html


async def test_a_page_with_several_event_types_lets_the_guest_choose(server: Server) -> None:
    host, page, _ = await an_open_page(
        server, event_types=(an_event_type(), an_event_type(slug="long", title="Long call"))
    )

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}")

    assert [] == guest.starts
    assert f'href="/{host.handle}/{page.slug}/long"' in guest.html


async def test_times_are_told_in_the_zone_of_the_address_and_in_the_hosts_if_there_is_no_such_zone(
    server: Server,
) -> None:
    _, _, path = await an_open_page(server)

    kathmandu = await Visitor(server).opens(f"{path}?timezone=Asia/Kathmandu&date=2026-03-03")
    nowhere = await Visitor(server).opens(f"{path}?timezone=Mars/Olympus&date=2026-03-03")

    assert ">13:45<" in kathmandu.html
    assert "Times in Asia/Kathmandu (UTC+05:45)" in kathmandu.text
    assert "Times in Europe/Berlin" in nowhere.text


async def test_the_page_opens_on_the_first_month_with_free_times(server: Server) -> None:
    only_in_may = Availability(WeeklyHours(), {date(2026, 5, 6): (Hours("09:00", "10:00"),)})
    _, _, path = await an_open_page(server, availability=only_in_may, rules=BookingRules(horizon_days=100))

    guest = await Visitor(server).opens(path)

    assert "May 2026" in guest.text
    assert ["2026-05-06T07:00:00Z", "2026-05-06T07:30:00Z"] == guest.starts


async def test_a_month_without_free_times_says_when_the_next_one_is(server: Server) -> None:
    only_in_may = Availability(WeeklyHours(), {date(2026, 5, 6): (Hours("09:00", "10:00"),)})
    _, _, path = await an_open_page(server, availability=only_in_may, rules=BookingRules(horizon_days=100))

    guest = await Visitor(server).opens(f"{path}?month=2026-04")

    assert "No free times in April 2026" in guest.text
    assert "The next free day is Wednesday, 6 May 2026" in guest.text


async def test_nonsense_in_the_address_is_passed_over(server: Server) -> None:
    _, _, path = await an_open_page(server)

    for query in ("month=9999-12", "month=x", "date=0001-01-01", "start=yesterday", "start=9999-12-31T23:59:59Z"):
        guest = await Visitor(server).opens(f"{path}?{query}")
        assert 200 == guest.status, query
        assert guest.starts, query


async def test_an_unknown_page_is_not_found(server: Server) -> None:
    host, page, _ = await an_open_page(server)

    assert 404 == (await Visitor(server).opens(f"/{host.handle}/nothing")).status
    assert 404 == (await Visitor(server).opens(f"/{host.handle}/{page.slug}/nothing")).status


async def test_a_page_that_cannot_be_used_says_so_before_any_form_and_tells_nobody(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}/intro?start={TUESDAY_AT_TEN}")

    assert "not taking bookings" in guest.text
    assert "<form" not in guest.html
    assert [] == await server.memory.store.backlog.claim(10, timedelta(minutes=1))


async def test_a_guest_books_and_is_sent_to_the_confirmation(server: Server) -> None:
    host, _, path = await an_open_page(server)

    guest = await books(server, path)
    await guest.follows()

    assert "You’re booked" in guest.text
    assert "Tuesday, 3 March 2026, 11:00 – 11:30" in guest.text
    assert 1 == await bookings_of(server, host)


async def test_the_same_form_sent_twice_gives_one_booking(server: Server) -> None:
    host, _, path = await an_open_page(server)

    first = await books(server, path, key="one form")
    again = await books(server, path, key="one form")

    assert first.location == again.location
    assert 1 == await bookings_of(server, host)


async def test_a_used_form_with_other_words_in_it_asks_to_confirm_once_more(server: Server) -> None:
    host, _, path = await an_open_page(server)
    await books(server, path, key="one form")

    again = await books(server, path, key="one form", name="Bela")

    assert 409 == again.status
    assert "confirm again" in again.text
    assert "Bela" == again.value("name")
    assert "one form" != again.value("key")
    assert 1 == await bookings_of(server, host)


async def test_everything_wrong_is_told_at_once_and_nothing_typed_is_lost(server: Server) -> None:
    topic = Question("topic", "What about?", "long_text", required=True)
    host, _, path = await an_open_page(
        server, event_types=(an_event_type(questions=(topic,)),), meeting_types=(zoom, phone_by_host)
    )

    guest = await books(server, path, name=" ", email="ana@", meeting_type="phone", phone="nine")

    assert 400 == guest.status
    assert "Please check these 4 things" in guest.text
    for field in ("name", "email", "phone", "answers-topic"):
        assert f'href="#{field}"' in guest.html
        assert f'id="{field}-error"' in guest.html
    assert ("ana@", "nine", TUESDAY_AT_TEN) == (guest.value("email"), guest.value("phone"), guest.value("start"))
    assert 0 == await bookings_of(server, host)


async def test_a_slot_taken_meanwhile_offers_the_nearest_three_and_keeps_the_form(server: Server) -> None:
    host, _, path = await an_open_page(server)
    await books(server, path, name="Bela")

    guest = Visitor(server)
    await guest.opens(at(path, "2026-03-03T10:30:00Z"))
    fields: Fields = {**ANA, "start": TUESDAY_AT_TEN, "timezone": "Europe/Paris", "key": guest.value("key")}
    await guest.sends(path, fields, page=at(path, "2026-03-03T10:30:00Z"))

    assert 409 == guest.status
    assert "Somebody has just booked this time" in guest.text
    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == guest.starts
    assert "Tuesday, 3 March 2026, 11:30" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 1 == await bookings_of(server, host)


async def test_a_time_that_is_gone_before_the_form_opens_leads_back_to_its_day(server: Server) -> None:
    _, _, path = await an_open_page(server)
    await books(server, path)

    guest = await Visitor(server).opens(at(path))

    assert "is no longer free" in guest.said[0]
    assert "2026-03-03T10:30:00Z" in guest.starts


async def test_the_number_is_asked_for_only_where_the_host_calls(server: Server) -> None:
    _, _, with_phone = await an_open_page(server, meeting_types=(zoom, phone_by_host))
    _, _, without = await an_open_page(server, meeting_types=(zoom, at_the_harbour))

    assert "Phone number" in (await Visitor(server).opens(at(with_phone))).text
    assert "Phone number" not in (await Visitor(server).opens(at(without))).text


async def test_where_there_is_one_meeting_type_there_is_no_choice(server: Server) -> None:
    _, _, path = await an_open_page(server, meeting_types=(zoom,))

    guest = await Visitor(server).opens(at(path))

    assert 'type="radio"' not in guest.html
    assert "Zoom" in guest.text


async def test_a_type_that_cannot_be_used_is_not_offered(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))

    guest = await Visitor(server).opens(at(f"/{host.handle}/{page.slug}/intro"))

    assert 'value="zoom"' not in guest.html
    assert "in_person" == guest.value("meeting_type")


async def test_a_guest_whose_only_way_to_meet_is_lost_meanwhile_is_refused_and_the_host_is_told(
    server: Server,
) -> None:
    host, page, path = await an_open_page(server, meeting_types=(zoom,))
    guest = await Visitor(server).opens(at(path))
    fields: Fields = {**ANA, "start": TUESDAY_AT_TEN, "timezone": "Europe/Paris", "key": guest.value("key")}
    token = guest.value("_csrf_token")
    await server.memory.app.disconnect_provider(host.id, "zoom")

    guest.answer = await guest.client.post(path, data={"_csrf_token": token, **fields})
    await server.memory.work_off()

    assert 409 == guest.status
    assert "not taking bookings" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 0 == await bookings_of(server, host)
    assert [f"Action needed: a guest couldn’t book on “{page.title}”"] == [
        notice.subject for notice in server.memory.mailer.notices
    ]


async def test_what_people_type_is_shown_as_text(server: Server) -> None:
    _, _, path = await an_open_page(server, description="<script>alert(1)</script>")

    guest = await books(server, path, name="<b>Ana</b>")
    await guest.follows()

    assert "<b>Ana</b>" not in guest.html
    assert "&lt;b&gt;Ana&lt;/b&gt;" in guest.html
    assert "<script>alert" not in (await Visitor(server).opens(path)).html


async def test_a_form_without_its_token_books_nothing(server: Server) -> None:
    host, _, path = await an_open_page(server)

    answer = await server.client().post(path, data={**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC"})

    assert 403 == answer.status_code
    assert 0 == await bookings_of(server, host)


async def test_a_page_and_everything_it_loads_stay_below_60_kilobytes(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await Visitor(server).opens(path)

    loaded = [
        await guest.client.get(each) for each in {part for part in guest.html.split('"') if part.startswith("/static/")}
    ]

    assert all(each.status_code == 200 for each in loaded)
    assert all("immutable" in each.headers["cache-control"] for each in loaded)
    assert sum(len(each.content) for each in (guest.answer, *loaded)) < 60_000


async def test_nothing_on_a_page_is_inline_or_from_elsewhere(server: Server) -> None:
    _, _, path = await an_open_page(server)

    for address in (path, at(path), "/", "/signin", "/signup", "/help/zoom"):
        html = (await Visitor(server).opens(address)).html
        assert "style=" not in html
        assert "<style" not in html
        assert "<script>" not in html
        assert 'src="http' not in html
        assert 'rel="stylesheet" href="http' not in html


async def test_a_host_who_exists_twice_is_no_concern_of_the_page(server: Server) -> None:
    """Two hosts may have the same slug; each page is its own host's."""
    one, two = await server.memory.host(a_host(name="One")), await server.memory.host(a_host(name="Two"))
    await server.memory.page(a_page(one, slug="talk", meeting_types=(at_the_harbour,)))
    await server.memory.page(a_page(two, slug="talk", meeting_types=(at_the_harbour,)))

    assert "Two" in (await Visitor(server).opens(f"/{two.handle}/talk")).text
    assert "One" in (await Visitor(server).opens(f"/{one.handle}/talk")).text


async def test_a_number_is_passed_on_although_the_chosen_type_does_not_ask_for_it(server: Server) -> None:
    host, _, path = await an_open_page(server, meeting_types=(zoom, phone_by_host))

    await books(server, path, meeting_type="zoom", phone="+49 30 1234567")

    found = await server.memory.store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=1)
    assert "+49 30 1234567" == found.items[0].booking.guest.phone


async def test_a_number_that_cannot_be_used_is_refused_where_its_field_is_seen(server: Server) -> None:
    _, _, path = await an_open_page(server, meeting_types=(zoom, phone_by_host))

    guest = await books(server, path, meeting_type="zoom", phone="nine")

    assert 400 == guest.status
    assert 'id="phone-error"' in guest.html


async def test_a_number_out_of_sight_refuses_nothing(server: Server) -> None:
    host, _, path = await an_open_page(server, meeting_types=(at_the_harbour, phone_by_host))

    await books(server, path, meeting_type="in_person", phone="nine")

    assert 1 == await bookings_of(server, host)

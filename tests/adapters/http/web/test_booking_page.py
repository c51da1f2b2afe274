"""The public booking page, without scripts."""

import gzip
import re
from datetime import date, timedelta
from html import unescape

import pytest

from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from domain.availability import WEEKDAYS_NINE_TO_FIVE, Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import Question
from domain.host import Host
from domain.ids import GuestToken
from tests.adapters.http.web.booking_form import ANA, an_open_page, at, books
from tests.support.builders import NOW, a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.read_mail import read
from tests.support.serving import PUBLIC_URL, TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, Visitor


async def bookings_of(server: Server, host: Host) -> int:
    found = await server.memory.store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=100)
    return len(found.items)


async def test_a_page_with_one_event_type_shows_its_free_times_at_once(server: Server) -> None:
    host, page, _ = await an_open_page(server)

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}?timezone=Europe/Paris&date=2026-03-03")

    assert "2026-03-03T08:00:00Z" == guest.starts[0]
    assert "Times in Central European Time – Paris (UTC+01:00)" in guest.text
    assert '<a class="time"' in guest.html
    assert ">09:00<" in guest.html


async def test_a_page_with_several_event_types_lets_the_guest_choose(server: Server) -> None:
    host, page, _ = await an_open_page(
        server, event_types=(an_event_type(), an_event_type(slug="long", title="Long call"))
    )

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}")

    assert [] == guest.starts
    assert f'href="/{host.handle}/{page.slug}/long"' in guest.html


async def test_an_event_type_is_described_where_guests_choose_it_and_beside_its_times(server: Server) -> None:
    host = await server.memory.host()
    described = an_event_type(description="We look at <your> nets.")
    page = await server.memory.page(
        a_page(host, described, an_event_type(slug="other"), meeting_types=(at_the_harbour,))
    )
    visitor = Visitor(server)

    for path in (f"/{host.handle}/{page.slug}", f"/{host.handle}/{page.slug}/intro"):
        assert "We look at <your> nets." in (await visitor.opens(path)).text
    assert "nets" not in (await visitor.opens(f"/{host.handle}/{page.slug}/other")).text


async def test_times_are_told_in_the_zone_of_the_address_and_in_the_hosts_if_there_is_no_such_zone(
    server: Server,
) -> None:
    _, _, path = await an_open_page(server)

    kathmandu = await Visitor(server).opens(f"{path}?timezone=Asia/Kathmandu&date=2026-03-03")
    nowhere = await Visitor(server).opens(f"{path}?timezone=Mars/Olympus&date=2026-03-03")

    assert ">13:45<" in kathmandu.html
    assert "Times in Nepal – Kathmandu (UTC+05:45)" in kathmandu.text
    assert "Times in Central European Time – Berlin" in nowhere.text


async def test_an_hour_that_comes_twice_has_its_offset_on_a_line_of_its_own_so_that_it_fits(server: Server) -> None:
    whole_saturdays = Availability(WeeklyHours(sat=(Hours("00:00", "24:00"),)))
    _, _, path = await an_open_page(server, availability=whole_saturdays)

    sydney = await Visitor(server).opens(f"{path}?timezone=Australia/Sydney&date=2026-04-05")

    for offset in ("UTC+11:00", "UTC+10:00"):
        assert f'>02:30 <span class="offset">({offset})</span><' in sydney.html


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


async def test_below_an_address_of_ours_nobody_is_told_of_booking_pages(server: Server) -> None:
    for path in ("/help/foo", "/Settings/foo", "/support/foo/bar", "/admin", "/embed/help/foo"):
        visitor = await Visitor(server).opens(path)

        assert (404, True) == (visitor.status, "There’s nothing at this address." in visitor.text), path
        assert "booking page." not in visitor.text, path


async def test_a_page_that_cannot_be_used_says_so_before_any_form_and_tells_nobody(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}/intro?start={TUESDAY_AT_TEN}")

    assert "not taking bookings" in guest.text
    assert 'name="email"' not in guest.html
    assert [] == await server.memory.store.backlog.lease(10, timedelta(minutes=1))


async def test_a_guest_books_and_is_sent_to_the_confirmation(server: Server) -> None:
    host, _, path = await an_open_page(server)

    guest = await books(server, path)
    await guest.follows()

    assert "You’re booked" in guest.text
    assert "Tuesday, 3 March 2026, 11:00 – 11:30" in guest.text
    assert 1 == await bookings_of(server, host)


async def test_a_guest_is_led_on_to_the_hosts_own_page_and_keeps_the_link_of_the_booking(server: Server) -> None:
    thanks = an_event_type(redirect_url="https://hosts.example/thanks?from=us#top")
    _, _, path = await an_open_page(server, event_types=(thanks,))

    guest = await books(server, path)
    assert guest.location.endswith("/booked")
    await guest.follows()

    told = "booking_id=id-000001&start=2026-03-03T10:00:00Z&event_type=intro".replace(":", "%3A")
    [address] = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', guest.html)
    assert f"https://hosts.example/thanks?from=us&{told}#top" == re.sub("id-0+[0-9]+", "id-000001", unescape(address))
    assert "Continue to hosts.example" in guest.text
    assert f'href="{guest.answer.url.path.removesuffix("/booked")}"' in guest.html


async def test_nobody_is_led_on_from_a_booking_whose_event_type_leads_nowhere(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await books(server, path)

    await guest.opens(f"{guest.location}/booked")

    assert 303 == guest.status


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
    assert "confirm once more" in again.text
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
    assert "Check these 4 things" in guest.text
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
    assert "This time is no longer free" in guest.text
    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == guest.starts
    assert "Tuesday, 3 March 2026, 11:30" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 1 == await bookings_of(server, host)


async def test_a_time_that_is_gone_before_the_form_opens_leads_to_the_nearest_and_to_its_day(server: Server) -> None:
    _, _, path = await an_open_page(server)
    await books(server, path)

    guest = await Visitor(server).opens(at(path))

    assert "Tuesday, 3 March 2026, 11:00 is no longer free" in guest.text
    assert 'role="alert"' in guest.html
    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == guest.starts[:3]
    assert '<h2 id="times-of" tabindex="-1">Tuesday, 3 March 2026</h2>' in guest.html


async def test_a_day_that_is_full_is_called_full_before_the_form_opens_and_after_it_was_sent(server: Server) -> None:
    host, _, path = await an_open_page(server, rules=BookingRules(daily_cap=1))
    await books(server, path, name="Bela")

    guest = await books(server, path, start="2026-03-03T12:00:00Z")

    assert 409 == guest.status
    assert "This day is full. Choose a time on another day." in guest.text
    assert "no longer free" not in guest.text
    assert 1 == await bookings_of(server, host)

    await guest.opens(at(path, "2026-03-03T12:00:00Z"))

    assert "Tuesday, 3 March 2026, 13:00 can’t be booked: this day is full." in guest.text
    assert "no longer free" not in guest.text


async def test_whoever_goes_back_after_booking_is_led_to_the_booking(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await books(server, path)
    booking = guest.location

    await guest.opens(at(path))

    assert 200 == guest.status
    assert "You have booked this time" in guest.text
    assert f'href="{booking}"' in guest.html


async def test_nobody_else_is_led_to_that_booking_and_nobody_to_a_cancelled_one(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await books(server, path)
    token = guest.location.removeprefix("/b/")

    assert token not in (await Visitor(server).opens(at(path))).html
    view = await server.memory.store.views.booking_for(GuestToken(token))
    assert view is not None
    await server.memory.app.cancel(await server.memory.as_guest(view.booking.id), "")
    await guest.opens(at(path))

    assert "Your details" in guest.text


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
    await server.memory.app.disconnect_provider(HostActor(host.id), "zoom")

    guest.answer = await guest.client.post(path, data=fields)
    await server.memory.work_off()

    assert 409 == guest.status
    assert "not taking bookings" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 0 == await bookings_of(server, host)
    [notice] = server.memory.mailer.notices
    assert f"Action needed: a guest couldn’t book on “{page.title}”" == read(notice).subject


async def test_what_people_type_is_shown_as_text(server: Server) -> None:
    _, _, path = await an_open_page(server, description="<script>alert(1)</script>")

    guest = await books(server, path, name="<b>Ana</b>")
    await guest.follows()

    assert "<b>Ana</b>" not in guest.html
    assert "&lt;b&gt;Ana&lt;/b&gt;" in guest.html
    assert "<script>alert" not in (await Visitor(server).opens(path)).html


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
)
async def test_what_another_site_sends_is_shown_to_the_guest_before_anything_is_booked(
    server: Server, headers: dict[str, str]
) -> None:
    host, _, path = await an_open_page(server)
    guest = Visitor(server)

    guest.answer = await guest.client.post(
        path, data={**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC"}, headers=headers
    )

    assert 403 == guest.status
    assert "filled in on another site" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 0 == await bookings_of(server, host)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": PUBLIC_URL}],
)
async def test_a_guest_who_blocks_cookies_books(server: Server, headers: dict[str, str]) -> None:
    host, _, path = await an_open_page(server)

    answer = await server.client().post(
        path, data={**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC", "key": "k"}, headers=headers
    )

    assert 303 == answer.status_code
    assert 1 == await bookings_of(server, host)


async def test_too_many_tries_keep_the_form_and_say_when_to_go_on(server: Server) -> None:
    host, _, path = await an_open_page(server)
    guest = Visitor(server)
    for _ in range(60):
        await guest.client.post(path, data={"name": "?"})

    await guest.sends(path, {**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC"}, page=at(path))

    assert 429 == guest.status
    assert "60" == guest.answer.headers["retry-after"]
    assert "Too many tries in a short time" in guest.text
    assert "Ana Brito" == guest.value("name")
    assert 0 == await bookings_of(server, host)


async def test_a_guest_of_zoom_that_has_gone_meanwhile_meets_in_the_next_way(server: Server) -> None:
    host, _, path = await an_open_page(server, meeting_types=(zoom, at_the_harbour))
    guest = await Visitor(server).opens(at(path))
    await server.memory.app.disconnect_provider(HostActor(host.id), "zoom")

    guest.answer = await guest.client.post(path, data={**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC"})
    await guest.follows()

    assert "You asked for a Zoom meeting. It will be a meeting in person instead." in guest.text


async def test_where_zoom_has_gone_and_the_next_way_needs_a_number_the_form_says_what_changed(server: Server) -> None:
    host, _, path = await an_open_page(server, meeting_types=(zoom, phone_by_host))
    guest = await Visitor(server).opens(at(path))
    await server.memory.app.disconnect_provider(HostActor(host.id), "zoom")

    guest.answer = await guest.client.post(path, data={**ANA, "start": TUESDAY_AT_TEN, "timezone": "UTC"})

    assert 409 == guest.status
    assert "You can choose instead: Phone call." in guest.text
    assert "phone" == guest.value("meeting_type")
    assert "Ana Brito" == guest.value("name")


async def test_a_way_to_meet_that_the_host_has_switched_off_meanwhile_is_named(server: Server) -> None:
    _, _, path = await an_open_page(server, meeting_types=(at_the_harbour, phone_by_host))

    guest = await books(server, path, meeting_type="zoom")

    assert 409 == guest.status
    assert "This page doesn’t offer this way to meet: Zoom." in guest.text


async def test_an_event_type_that_is_gone_leads_to_its_page(server: Server) -> None:
    host, page, _ = await an_open_page(server)

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}/nothing")

    assert 404 == guest.status
    assert "no longer available" in guest.text
    assert f'href="/{host.handle}/{page.slug}"' in guest.html


async def test_an_address_in_capitals_leads_to_the_one_in_small_letters(server: Server) -> None:
    host = await server.memory.host(a_host(handle="anna"))
    await server.memory.connect(host)
    await server.memory.page(a_page(host, slug="talk"))

    for asked, leads_to in (
        ("/Anna/talk", "/anna/talk"),
        (
            "/anna/TALK/Intro?month=2026-04&timezone=Europe/Paris",
            "/anna/talk/intro?month=2026-04&timezone=Europe/Paris",
        ),
        ("/ANNA", "/anna"),
    ):
        guest = await Visitor(server).opens(asked)
        assert (301, leads_to) == (guest.status, guest.location)
    assert 404 == (await Visitor(server).opens("/Nobody/talk")).status


async def test_a_handle_that_its_host_had_before_leads_to_the_one_of_today(server: Server) -> None:
    host, page, _ = await an_open_page(server)
    await server.memory.app.edit_profile(HostActor(host.id), ProfileEdit(handle="moved-here"))

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}/intro?date=2026-03-03")

    assert (301, f"/moved-here/{page.slug}/intro?date=2026-03-03") == (guest.status, guest.location)


async def test_a_hosts_own_address_lists_what_takes_bookings(server: Server) -> None:
    host, page, _ = await an_open_page(server)
    closed = await server.memory.page(a_page(host, title="Closed", meeting_types=()))

    guest = await Visitor(server).opens(f"/{host.handle}")

    assert f'href="/{host.handle}/{page.slug}"' in guest.html
    assert closed.slug not in guest.html
    assert 404 == (await Visitor(server).opens("/nobody")).status


async def test_the_zone_that_was_chosen_before_is_used_again_unless_the_address_names_one(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await Visitor(server).opens(f"{path}?timezone=Asia/Kathmandu&remember=1")

    await guest.opens(path)
    assert "Times in Nepal – Kathmandu" in guest.text
    await guest.opens(f"{path}?timezone=UTC")
    assert "Times in UTC" in guest.text


async def test_until_the_zone_is_known_each_time_names_it_and_no_link_hands_it_on(server: Server) -> None:
    _, _, path = await an_open_page(server)

    guest = await Visitor(server).opens(path)

    times = re.findall(r'<a class="time" href="([^"]+)".*?>(.*?)</a>', guest.html)
    assert times
    assert all("Berlin" in words and "timezone" not in address for address, words in times)
    assert '<option value="">Choose your time zone</option>' in guest.html
    await guest.opens(unescape(times[0][0]))
    assert "Your time zone" in guest.text


async def test_the_form_repeats_time_and_zone_before_it_is_sent(server: Server) -> None:
    _, _, path = await an_open_page(server)

    guest = await Visitor(server).opens(f"{path}?start={TUESDAY_AT_TEN}&timezone=Asia/Tokyo")

    *_, before = guest.html.rpartition("Confirm booking")[0].rpartition("recap")
    assert "19:00" in before
    assert "Japan Time – Tokyo" in before


async def test_a_zone_in_somebody_elses_link_is_not_remembered(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await Visitor(server).opens(f"{path}?timezone=Asia/Kathmandu")

    await guest.opens(path)

    assert "Times in Central European Time – Berlin" in guest.text


async def test_old_names_of_zones_become_those_of_today_and_each_place_is_listed_once(server: Server) -> None:
    _, _, path = await an_open_page(server)

    guest = await Visitor(server).opens(f"{path}?timezone=Asia/Calcutta")

    assert "Times in India – Kolkata" in guest.text
    listed = re.findall(r'<option value="([^"]+)"', guest.html)
    assert len(listed) == len(set(listed))
    assert {"Europe/Amsterdam", "Asia/Kolkata", "Europe/Kyiv", "UTC"} <= set(listed)
    assert not {"Asia/Calcutta", "Europe/Kiev", "America/Buenos_Aires"} & set(listed)


async def test_each_day_says_how_many_times_are_free(server: Server) -> None:
    one_on_friday = Availability(WEEKDAYS_NINE_TO_FIVE.weekly, {date(2026, 3, 6): (Hours("09:00", "09:30"),)})
    _, _, path = await an_open_page(server, availability=one_on_friday)

    guest = await Visitor(server).opens(f"{path}?month=2026-03")

    assert 'aria-label="Tuesday, 3 March 2026, 16 times free"' in guest.html
    assert 'aria-label="Friday, 6 March 2026, 1 time free"' in guest.html
    assert 'aria-label="Saturday, 7 March 2026, no times free"' in guest.html


async def test_a_day_without_free_times_says_so_and_leads_to_the_next(server: Server) -> None:
    _, _, path = await an_open_page(server)

    guest = await Visitor(server).opens(f"{path}?date=2026-03-07")

    assert "No free times on Saturday, 7 March 2026" in guest.text
    assert "The next free day is Monday, 9 March 2026" in guest.text
    assert [] == guest.starts


async def test_where_only_earlier_days_are_free_they_are_named(server: Server) -> None:
    only_tomorrow = Availability(WeeklyHours(), {date(2026, 3, 3): (Hours("09:00", "10:00"),)})
    _, _, path = await an_open_page(server, availability=only_tomorrow)

    guest = await Visitor(server).opens(f"{path}?month=2026-04")

    assert "The nearest free day is Tuesday, 3 March 2026" in guest.text


async def test_without_any_free_time_the_page_says_so(server: Server) -> None:
    _, _, path = await an_open_page(server, rules=BookingRules(minimum_notice=timedelta(days=10), horizon_days=5))

    assert "Hanne Höst has no free times at the moment" in (await Visitor(server).opens(path)).text


async def test_pages_and_refused_forms_are_kept_for_going_back(server: Server) -> None:
    _, _, path = await an_open_page(server)

    refused = await books(server, path, name="")

    assert (400, "private, no-cache") == (refused.status, refused.answer.headers["cache-control"])
    for address in (path, at(path)):
        assert "private, no-cache" == (await Visitor(server).opens(address)).answer.headers["cache-control"]


async def test_a_page_and_everything_it_loads_stay_below_60_kilobytes(server: Server) -> None:
    _, _, path = await an_open_page(server)
    guest = await Visitor(server).opens(path)

    loaded = [
        await guest.client.get(each) for each in {part for part in guest.html.split('"') if part.startswith("/static/")}
    ]

    assert all(each.status_code == 200 for each in loaded)
    assert all("immutable" in each.headers["cache-control"] for each in loaded)
    assert {"picker.js", "grid.js", "zones.js", "page.js"} <= {each.url.path.rpartition("/")[2] for each in loaded}
    assert sum(len(gzip.compress(each.content)) for each in (guest.answer, *loaded)) < 60_000


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
    assert "+49301234567" == found.items[0].booking.guest.phone


async def test_a_number_that_cannot_be_used_is_refused_where_its_field_is_seen(server: Server) -> None:
    _, _, path = await an_open_page(server, meeting_types=(zoom, phone_by_host))

    guest = await books(server, path, meeting_type="zoom", phone="nine")

    assert 400 == guest.status
    assert 'id="phone-error"' in guest.html


async def test_a_number_out_of_sight_refuses_nothing(server: Server) -> None:
    host, _, path = await an_open_page(server, meeting_types=(at_the_harbour, phone_by_host))

    await books(server, path, meeting_type="in_person", phone="nine")

    assert 1 == await bookings_of(server, host)


async def test_a_page_that_somebody_just_looked_at_shows_the_next_one_what_is_there_now(server: Server) -> None:
    host, _, path = await an_open_page(server)
    times = f"{path}?timezone=Europe/Paris&date=2026-03-03"
    before = await Visitor(server).opens(times)

    await books(server, path)
    await server.memory.app.edit_profile(HostActor(host.id), ProfileEdit(name="Dr. Clara Fischer"))

    after = await Visitor(server).opens(times)
    assert {TUESDAY_AT_TEN} == set(before.starts) - set(after.starts)
    assert "Dr. Clara Fischer" in after.text
    assert host.name not in after.text


async def test_a_page_that_somebody_just_looked_at_is_each_readers_own(server: Server) -> None:
    _, _, path = await an_open_page(server)
    times = f"{path}?timezone=Europe/Paris&date=2026-03-03"
    seen: dict[str, Visitor] = {}
    for language in ("de", "en-GB", "en-US"):
        seen[language] = Visitor(server)
        seen[language].client.headers["accept-language"] = language
        await seen[language].opens(times)

    assert {"de": True, "en-GB": True, "en-US": False} == {each: ">14:00<" in seen[each].html for each in seen}
    assert "März" in seen["de"].text
    assert "März" not in seen["en-GB"].text


async def test_what_one_guests_link_brings_along_is_shown_to_nobody_else(server: Server) -> None:
    _, _, path = await an_open_page(server)
    times = f"{path}?timezone=Europe/Paris&date=2026-03-03"

    own = await Visitor(server).opens(f"{times}&email=ana@guests.example&q.topic=Nets")
    other = await Visitor(server).opens(times)
    third = await Visitor(server).opens(f"{times}&utm_source=newsletter")

    assert "email=ana%40guests.example&amp;q.topic=Nets" in own.html
    assert "guests.example" not in other.html
    assert "utm_source=newsletter" not in other.html
    assert "utm_source=newsletter" in third.html


async def test_a_mark_in_somebodys_link_is_no_page_of_its_own(server: Server) -> None:
    _, _, path = await an_open_page(server)
    times = f"{path}?timezone=Europe/Paris&date=2026-03-03"

    plain = await Visitor(server).opens(times)
    marked = await Visitor(server).opens(f"{times}&fbclid=IwAR0")

    assert plain.html == marked.html


@pytest.mark.parametrize(
    "asked", ["date=2026-03-03", "date=2026-03-07", "month=2026-04", "month=2026-03&utm_source=news"]
)
async def test_switching_hours_or_language_stays_at_what_is_shown(server: Server, asked: str) -> None:
    _, _, path = await an_open_page(server)
    shown = await Visitor(server).opens(f"{path}?timezone=Europe/Paris&{asked}")

    [*_, footer] = re.findall(r'name="back" value="([^"]+)"', shown.html)
    again = await Visitor(server).opens(unescape(footer))

    assert (shown.starts, shown.text) == (again.starts, again.text)

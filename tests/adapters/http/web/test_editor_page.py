"""The editor of a booking page, without scripts."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from adapters.http.web.pages.editing.types_form import TypesForm
from domain.availability import Availability, Hours, WeeklyHours
from domain.meeting_type import InPerson, MeetingType, Phone, Zoom, name_of
from domain.public_holidays import HolidayCalendar
from tests.support.builders import a_page, an_account, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.editor import an_edited_page, as_shown, saved, sends, types_as_shown
from tests.support.serving import Server
from tests.support.visiting import Fields, a_signed_in_host


async def test_saving_without_a_change_changes_nothing(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    hours = Availability(
        WeeklyHours(mon=(Hours("09:00", "12:00"), Hours("13:00", "24:00"))),
        {date(2026, 12, 24): (), date(2026, 12, 31): (Hours("09:00", "10:00"), Hours("11:00", "12:00"))},
    )
    types: tuple[MeetingType, ...] = (phone_by_host, zoom, at_the_harbour)
    page = await server.memory.page(
        a_page(host, an_event_type(), an_event_type(slug="long"), meeting_types=types, availability=hours)
    )

    await sends(visitor, page)

    assert f"/pages/{page.id}/edit?saved=1#booking" == visitor.location
    assert page == await saved(server, page)


async def test_zoom_is_switched_on_after_what_is_on(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, on=["in_person", "zoom"])
    await visitor.follows()

    assert (at_the_harbour, Zoom()) == (await saved(server, page)).meeting_types
    assert ["Saved. Applies to new bookings."] == visitor.said
    assert "we use the first backup that works: In person, then Zoom." in visitor.text


async def test_a_type_is_a_backup_if_the_host_says_so_which_is_not_proposed_for_in_person(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(zoom, phone_by_host)))

    await sends(visitor, page, on=["zoom", "phone", "in_person"], address="Harbour 1")
    assert (zoom, phone_by_host, InPerson("Harbour 1", backup=False)) == (await saved(server, page)).meeting_types

    await sends(visitor, await saved(server, page), backup=["in_person"])
    kept = (replace(zoom, backup=False), replace(phone_by_host, backup=False), InPerson("Harbour 1"))
    assert kept == (await saved(server, page)).meeting_types
    await visitor.follows()
    assert "we use the first backup that works: In person." in visitor.text


async def test_connecting_in_a_row_saves_first_and_comes_back_to_the_editor(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, title="Kept", on=["in_person", "zoom"], save="connect:zoom")
    state = parse_qs(urlsplit(visitor.location).query)["state"][0]
    code = server.memory.providers["zoom"].consent(visitor.location, an_account())
    await visitor.opens(f"/integrations/zoom/callback?state={state}&code={code}")

    assert f"/pages/{page.id}/edit?connected=zoom#meeting_types" == visitor.location
    await visitor.follows()
    assert ["Zoom is connected as hanne@zoom.example."] == visitor.said
    assert ("Kept", (at_the_harbour, zoom)) == (
        (await saved(server, page)).title,
        (await saved(server, page)).meeting_types,
    )


async def test_moving_a_type_changes_the_form_and_saves_nothing(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, on=["in_person", "zoom"], do="type-up:zoom", title="Not saved yet")

    assert "Zoom is selected first." in visitor.text
    assert "Not saved yet" == visitor.value("title")
    assert page == await saved(server, page)


async def test_a_row_can_be_added_without_losing_what_is_typed(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, do="event-add", title="Not saved yet")

    assert 2 == visitor.html.count('name="event"')
    assert "Not saved yet" == visitor.value("title")
    for added, field in (("hours-add:mon", "hours.mon.start"), ("date-add", "date"), ("question-add:0", "question")):
        before = (await visitor.opens(f"/pages/{page.id}/edit")).html.count(f'name="{field}"')
        await sends(visitor, page, do=added)
        assert before + 1 == visitor.html.count(f'name="{field}"')


async def test_phone_and_in_person_take_their_details(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(
        visitor, page, on=["phone", "in_person"], caller="guest", number="+49 30 555 1234", address="Am Markt 1"
    )

    assert {Phone("guest", "+49 30 555 1234"), InPerson("Am Markt 1")} == set((await saved(server, page)).meeting_types)


async def test_everything_wrong_is_told_at_its_field_and_nothing_is_saved(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(
        visitor,
        page,
        title="New title",
        on=["phone", "in_person"],
        caller="guest",
        number="",
        address=" ",
        horizon="0",
        notice="soon",
        cap="-1",
        event__0__duration="zero",
        hours__mon__start=["09:00", "11:00"],
        hours__mon__end=["12:00", "13:00"],
        hours__tue__start=["17:00"],
        hours__tue__end=[""],
        date=["4"],
        date__4__day="Christmas",
    )

    assert 400 == visitor.status
    assert "Check these 9 things" in visitor.text
    for field in ("number", "address", "horizon", "notice", "cap", "event-0-duration", "hours-mon", "hours-tue"):
        assert f'href="#{field}"' in visitor.html, field
        assert f'id="{field}-error"' in visitor.html, field
    assert "These hours overlap: 09:00–12:00 and 11:00–13:00." in visitor.text
    told = [visitor.text.find(f"{name}: Enter") for name in ("Your number", "Where you meet", "Duration", "Tuesday")]
    rules = [visitor.text.find(f"{name}: Enter") for name in ("Minimum notice", "Bookable up to", "Daily limit")]
    assert -1 not in told + rules
    assert sorted(told + rules) == told + rules
    assert "New title" == visitor.value("title")
    assert "soon" == visitor.value("notice")
    assert page == await saved(server, page)


async def test_a_wrong_event_type_is_named_though_empty_rows_are_before_it(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(
        visitor,
        page,
        event=["0", "1", "2"],
        event__2__title="New",
        event__2__slug="No Slug",
        event__2__duration="45",
    )

    assert 'id="event-2-slug-error"' in visitor.html
    assert page == await saved(server, page)


async def test_event_types_are_added_changed_and_removed_together(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    first, second = an_event_type(), an_event_type(slug="second")
    page = await server.memory.page(a_page(host, first, second, meeting_types=(at_the_harbour,)))

    await sends(
        visitor,
        page,
        event=["7", "1", "0"],
        event__0__title="Changed",
        event__0__duration="45",
        event__1__removed="1",
        event__7__title="New",
        event__7__slug="new",
        event__7__duration="90",
    )

    event_types = (await saved(server, page)).event_types
    assert [("new", "New", timedelta(minutes=90)), ("intro", "Changed", timedelta(minutes=45))] == [
        (each.slug, each.title, each.duration) for each in event_types
    ]
    assert first.id == event_types[1].id


async def test_the_last_event_type_is_deleted_as_by_the_api_and_the_page_says_what_it_lacks(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    assert "Without an event type, the page doesn’t accept bookings." in visitor.text

    await sends(visitor, page, event__0__removed="1")

    assert () == (await saved(server, page)).event_types
    assert "Nothing can be booked yet. Add an event type" in (await visitor.follows()).text


async def test_a_new_event_type_without_an_address_gets_one_from_its_title(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    new = {
        f"event__{row}__{name}": value for row in (7, 8) for name, value in (("title", "Über uns"), ("duration", "45"))
    }

    await sends(visitor, page, event=["0", "7", "8"], **new)

    assert ["intro", "uber-uns", "uber-uns-2"] == [each.slug for each in (await saved(server, page)).event_types]


async def test_who_saves_second_sees_both_and_changes_nothing_until_mine_is_saved_over_theirs(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    version = visitor.value("version")
    await sends(visitor, page, title="Theirs", notice="4", version=version)
    theirs = await saved(server, page)

    await sends(visitor, page, title="Mine", version=version)

    assert 409 == visitor.status
    assert "Someone else saved changes. Compare yours with theirs" in visitor.text
    assert "Title Mine Theirs" in visitor.text
    assert "Minimum notice" in visitor.text
    assert "Buffer before 5" not in visitor.text
    assert "Mine" == visitor.value("title")
    assert theirs == await saved(server, page)
    await sends(visitor, page, title="Mine", version=visitor.value("version"))
    assert "Mine" == (await saved(server, page)).title


async def test_theirs_can_be_taken_instead(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    version = visitor.value("version")
    await sends(visitor, page, title="Theirs", version=version)
    await sends(visitor, page, title="Mine", version=version)

    assert f'href="/pages/{page.id}/edit">Take theirs<' in visitor.html
    await visitor.opens(f"/pages/{page.id}/edit")

    assert "Theirs" == visitor.value("title")


async def test_who_saves_the_same_as_somebody_else_has_no_choice_to_make(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    version = visitor.value("version")

    for _ in range(2):
        await sends(visitor, page, title="The same", version=version)

    assert 303 == visitor.status
    assert "The same" == (await saved(server, page)).title


async def test_a_slug_of_another_page_is_refused_at_its_field(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, slug="taken"))
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))

    await sends(visitor, page, slug="taken")

    assert 'id="slug-error"' in visitor.html
    assert "Another page of yours has this address." in visitor.text


async def test_a_type_that_cannot_be_used_says_why_and_how_to_mend_it(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit")

    assert "No Zoom account is connected." in visitor.text
    assert 'aria-describedby="why-zoom"' in visitor.html
    assert '<button type="submit" name="save" value="connect:zoom"' in visitor.html


async def test_another_hosts_page_is_not_found(server: Server) -> None:
    _, _, page = await an_edited_page(server)
    _, stranger = await a_signed_in_host(server)

    assert 404 == (await stranger.opens(f"/pages/{page.id}/edit")).status
    assert 404 == (await stranger.opens(f"/pages/{page.id}/remove")).status


async def test_a_page_is_removed_after_a_question(server: Server) -> None:
    host, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/remove")
    assert await server.memory.store.views.pages(host.id)
    await visitor.sends(f"/pages/{page.id}/remove")

    assert [] == await server.memory.store.views.pages(host.id)


async def test_the_switches_are_named_as_guests_read_them(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit")

    for name, label in (("zoom", "Zoom"), ("google_meet", "Google Meet"), ("phone", "Phone call")):
        assert f'<label for="on-{name}">{label}</label>' in visitor.html
    assert [name_of(each) for each in page.meeting_types] == ["in_person"]


async def test_each_event_type_has_a_description(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, event__0__description="First line\r\nand <second>")

    assert "First line\nand <second>" == (await saved(server, page)).event_types[0].description
    assert "and <second>" in (await visitor.opens(f"/pages/{page.id}/edit")).text
    await sends(visitor, page, event__0__description="x" * 2001)
    assert 400 == visitor.status


async def test_reminders_have_a_lead_time_and_can_be_off(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit")
    assert "1" == visitor.value("lead.0")
    assert '<option value="days" selected>day</option>' in visitor.html
    await sends(visitor, page, lead__0="90", lead__0_unit="minutes", lead__2="2", lead__2_unit="hours")
    assert (timedelta(minutes=90), timedelta(hours=2)) == (await saved(server, page)).reminders
    await sends(visitor, page, remind="")

    assert () == (await saved(server, page)).reminders


async def test_a_lead_time_beyond_a_month_is_refused_at_its_field(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, lead__0="31", lead__0_unit="days", tab="notifications")

    assert 400 == visitor.status
    assert "Enter a whole number from 1 to 30." in visitor.text
    assert 'id="lead-0-error"' in visitor.html
    assert "31" == visitor.value("lead.0")
    await sends(visitor, page, lead__0="60", lead__0_unit="minutes", lead__1="1", lead__1_unit="hours")
    assert 'id="lead-1-error"' in visitor.html


async def test_an_event_type_gets_a_list_of_its_own_and_loses_it_again(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, do="event-own:0")
    assert "Meeting types: its own list" in visitor.text
    assert 'name="event.0.on" value="in_person" checked' in visitor.html
    own = {f"event__0__{name}": value for name, value in types_as_shown(TypesForm.of((zoom,)), "").items()}
    await sends(visitor, page, event__0__own="1", **{**own, "event__0__on": ["zoom", "phone"]})
    with_own = await saved(server, page)
    await sends(visitor, with_own, do="event-same:0")
    assert "Meeting types: the same as the page" in visitor.text
    await sends(visitor, with_own, event__0__own="")

    assert (Zoom(), Phone("host")) == with_own.event_types[0].meeting_types
    assert replace(page, version=3) == await saved(server, page)


async def test_a_list_of_its_own_has_an_order_of_its_own(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    event_type = an_event_type(meeting_types=(phone_by_host, zoom))
    page = await server.memory.page(a_page(host, event_type, meeting_types=(zoom,)))

    await sends(visitor, page, do="type-up:zoom:0")

    assert "we use the first backup that works: Zoom, then Phone call." in visitor.text
    assert 'aria-label="Zoom for Intro call"' in visitor.html


async def test_what_is_wrong_in_a_list_of_its_own_is_told_there(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, event__0__own="1")
    assert 'id="event-0-own-error"' in visitor.html
    await sends(visitor, page, event__0__own="1", event__0__on=["phone", "in_person"], event__0__caller="guest")

    for field in ("event-0-number", "event-0-address"):
        assert f'id="{field}-error"' in visitor.html, field
    assert page == await saved(server, page)


async def test_hours_are_copied_to_the_days_that_are_chosen(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    long_day: dict[str, str | list[str]] = {
        "hours__mon__start": ["07:00", "13:00"],
        "hours__mon__end": ["11:00", "19:00"],
    }

    await sends(visitor, page, do="hours-copy:mon", copy__mon=["sat", "sun", "mon"], **long_day)

    assert "Hours copied from Monday to Saturday, Sunday. Not saved yet." in visitor.text
    for day in ("mon", "sat", "sun"):
        assert 2 == visitor.html.count(f'name="hours.{day}.start"'), day
    assert 1 == visitor.html.count('name="hours.tue.start"')
    assert page == await saved(server, page)
    await sends(visitor, page, do="hours-copy:mon")
    assert "Choose the days to copy to." in visitor.text


async def test_hours_can_end_on_the_next_day(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, hours__mon__start=["22:00"], hours__mon__end=["02:00"])
    await visitor.follows()

    assert (Hours("22:00", "02:00"),) == (await saved(server, page)).availability.weekly.mon
    assert 'aria-describedby="hours-mon-0-next-day"' in visitor.html


async def test_an_event_type_longer_than_every_window_is_said_to_the_host(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    long_day = an_event_type(duration=timedelta(hours=9))
    page = await server.memory.page(a_page(host, long_day, meeting_types=(at_the_harbour,)))

    await visitor.opens(f"/pages/{page.id}/edit")
    assert "Longer than any of your available times, so guests can’t book it." in visitor.text

    await visitor.opens("/dashboard")
    assert "This page is not taking bookings: no event type fits your available times." in visitor.text

    await sends(visitor, page, do="hours-add:sun", hours__mon__start=["08:00"], hours__mon__end=["17:00"])
    assert "Longer than any of your available times" not in visitor.text


async def test_the_preview_says_why_a_time_is_not_offered(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit?why_at=2026-03-07T10:10")
    assert "Guests can’t book this time. It’s outside your hours." in visitor.text
    assert "2026-03-07T10:10" == visitor.value("why_at")

    await visitor.opens(f"/pages/{page.id}/edit?why_at=2026-03-03T10:10")
    assert "Meetings don’t start at this time." in visitor.text
    assert "Tuesday, 3 March 2026, 10:00" in visitor.text

    await visitor.opens(f"/pages/{page.id}/edit?why_at=2026-03-03T10:00")
    assert "Guests can book this time." in visitor.text


async def test_the_preview_explains_a_time_by_the_hours_in_the_form(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(
        visitor, page, do="why", why_at="2026-03-07T10:00", hours__sat__start=["10:00"], hours__sat__end=["11:00"]
    )

    assert "Guests can book this time." in visitor.text


async def test_a_time_that_cannot_be_read_is_asked_for_again(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, do="why", why_at="tomorrow")

    assert "Enter a day and a time." in visitor.text


async def test_a_range_of_hours_is_removed(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, do="hours-remove:mon:0")

    assert 'name="hours.mon.start"' not in visitor.html
    assert "Not available" in visitor.text


async def test_a_date_has_several_ranges_or_is_a_day_off(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(
        visitor,
        page,
        date=["3", "1"],
        date__3__day="2026-12-31",
        date__3__start=["14:00", "09:00"],
        date__3__end=["00:00", "10:00"],
        date__1__day="2026-12-24",
    )

    assert {
        date(2026, 12, 24): (),
        date(2026, 12, 31): (Hours("09:00", "10:00"), Hours("14:00", "24:00")),
    } == (await saved(server, page)).availability.overrides


async def test_a_vacation_is_one_row_from_its_first_day_to_its_last(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    vacation = [date(2026, 12, day) for day in range(24, 29)]

    await sends(visitor, page, date=["0"], date__0__day="2026-12-24", date__0__until="2026-12-28")

    assert dict.fromkeys(vacation, ()) == (await saved(server, page)).availability.overrides
    await visitor.opens(f"/pages/{page.id}/edit")
    assert ("2026-12-24", "2026-12-28") == (visitor.value("date.0.day"), visitor.value("date.0.until"))
    assert 'name="date.1.day"' not in visitor.html


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"date__0__until": "2026-12-28"}, "Enter a date, such as 2026-12-24."),
        ({"date__0__day": "2026-12-24", "date__0__until": "soon"}, "Use a date such as 2026-12-01."),
        (
            {"date__0__day": "2026-12-24", "date__0__until": "2062-12-28"},
            "between 2026-12-24 and 2029-09-18.",
        ),
        ({"date__0__day": "2026-12-28", "date__0__until": "2026-12-24"}, "This date is listed twice."),
    ],
)
async def test_what_is_wrong_with_a_range_of_dates_is_told_at_its_row(
    server: Server, row: dict[str, str], sentence: str
) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, date=["1", "0"], date__1__day="2026-12-25", **row)

    assert 'id="date-0-error"' in visitor.html
    assert sentence in visitor.text


async def test_a_date_is_listed_once(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, date=["0", "1"], date__0__day="2026-12-24", date__1__day="2026-12-24")

    assert 400 == visitor.status
    assert 'id="date-1-error"' in visitor.html
    assert "This date is listed twice." in visitor.text


async def test_a_page_takes_a_colour_and_gives_it_up(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, color="#B4236F", standard_color="")
    assert "#b4236f" == (await saved(server, page)).brand_color
    await sends(visitor, page, color="red;", standard_color="")
    assert 'id="color-error"' in visitor.html
    await sends(visitor, page, color="#b4236f", standard_color="1")

    assert (await saved(server, page)).brand_color is None


async def test_a_page_can_ask_guests_to_confirm_their_address(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, confirm_guest_email="1")
    assert (await saved(server, page)).confirm_guest_email
    await sends(visitor, page)

    assert not (await saved(server, page)).confirm_guest_email


async def test_a_page_limits_how_many_bookings_a_guest_has(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    assert str(page.rules.max_per_guest) == visitor.value("per_guest")

    await sends(visitor, page, per_guest="2")
    assert 2 == (await saved(server, page)).rules.max_per_guest
    await sends(visitor, page, per_guest="51")

    assert 400 == visitor.status
    assert 'id="per_guest-error"' in visitor.html


async def test_the_tab_with_something_to_check_says_how_much(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, horizon="0", cap="none", lead__0="0", tab="booking")

    assert 'aria-label="Availability, 2 entries to check"' in visitor.html
    assert 'aria-label="Notifications, 1 entry to check"' in visitor.html
    assert 'aria-label="Booking' not in visitor.html
    assert "availability" == visitor.value("tab")


async def test_other_buttons_forget_nothing_that_was_told_to_be_wrong(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, horizon="0")
    checked = visitor.value("checked")
    await sends(visitor, page, horizon="0", do="hours-add:sun", checked=checked, tab="availability")

    assert 200 == visitor.status
    assert 'id="horizon-error"' in visitor.html
    assert 1 == visitor.html.count('name="hours.sun.start"')


async def test_the_preview_shows_what_is_typed_and_stores_nothing(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    fields = {
        **as_shown(page),
        "title": "Half a <b>title</b>",
        "event.0.duration": "7",
        "color": "#b4236f",
        "standard_color": "",
        "on": ["zoom", "in_person", "phone"],
    }

    await visitor.sends(f"/pages/{page.id}/preview", fields, page=f"/pages/{page.id}/edit")

    assert 200 == visitor.status
    assert "Half a <b>title</b>" in visitor.text
    assert "7 minutes" in visitor.text
    # Nobody could choose Zoom: no account is connected.
    assert "In person Phone call" in visitor.text
    assert "Zoom" not in visitor.text
    assert 'data-brand="#b4236f"' in visitor.html
    assert "<html" not in visitor.html
    assert page == await saved(server, page)


async def test_a_preview_of_anything_at_all_is_no_fault(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    odd: Fields = {"event": ["0"], "event.0.title": "x", "event.0.duration": "9" * 5000, "color": "</style>"}

    await visitor.sends(f"/pages/{page.id}/preview", odd, page=f"/pages/{page.id}/edit")

    assert 200 == visitor.status
    assert "Can’t be booked right now" in visitor.text


async def test_nobody_previews_another_hosts_page(server: Server) -> None:
    _, _, page = await an_edited_page(server)
    _, stranger = await a_signed_in_host(server)

    await stranger.sends(f"/pages/{page.id}/preview", as_shown(page), page="/pages/new")
    assert 404 == stranger.status


async def test_the_connected_providers_lead_back_to_the_editor(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    editor = f"/pages/{page.id}/edit"

    await visitor.opens(f"/settings/providers?back={editor}")
    assert f'href="{editor}">Back to editing “{page.title}”' in visitor.html
    # By way of the provider's pages nothing but the cookie remembers.
    await visitor.opens("/settings/providers")
    assert f'href="{editor}"' in visitor.html


async def test_the_way_back_leads_to_pages_of_ones_own_only(server: Server) -> None:
    _, _, page = await an_edited_page(server)
    _, stranger = await a_signed_in_host(server)

    for back in (
        f"/pages/{page.id}/edit",
        "https://evil.example",
        "//evil.example/pages/x/edit",
        "/pages/../edit",
        "/pages/x/edit%0d%0aSet-Cookie:a=b",
    ):
        await stranger.opens(f"/settings/providers?back={back}")
        assert 200 == stranger.status, back
        assert "Back to editing" not in stranger.text, back
        assert "timetuna_editing" not in stranger.answer.headers.get("set-cookie", ""), back


async def test_public_holidays_are_chosen_by_country_and_region_and_listed_with_their_names(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    at = f"/pages/{page.id}/edit"
    germany, bavaria = {"holidays_country": "DE"}, {"holidays_of": "DE", "holidays_region": "BY"}

    await visitor.sends(at, as_shown(page) | germany | {"do": "holidays", "save": ""})
    assert "Good Friday" in visitor.text
    assert '<option value="BY">Bayern</option>' in visitor.html

    await visitor.sends(at, as_shown(page) | germany | bavaria)
    [stored] = await server.memory.ports.views.pages(host.id)
    assert HolidayCalendar("DE", "BY") == stored.availability.public_holidays
    assert "Corpus Christi" in (await visitor.opens(at)).text

    await visitor.sends(at, as_shown(page) | {"holidays_country": "AT"} | bavaria | {"do": "holidays", "save": ""})
    assert "Burgenland" in visitor.html

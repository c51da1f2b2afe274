"""The editor of a booking page, without scripts."""

from datetime import date, timedelta

from adapters.http.web.editor_form import EditorForm
from domain.availability import Availability, Hours, WeeklyHours
from domain.booking_page import BookingPage
from domain.host import Host
from domain.meeting_type import InPerson, MeetingType, Phone, Zoom, name_of
from tests.http.serving import Server
from tests.http_web.visiting import Fields, Visitor, a_signed_in_host
from tests.support.builders import a_page, an_event_type, at_the_harbour, phone_by_host, zoom


def as_shown(page: BookingPage) -> Fields:
    """The fields of the editor, untouched."""
    form = EditorForm.of(page)
    fields: Fields = {
        "title": form.title,
        "slug": form.slug,
        "description": form.description,
        "order": list(form.order),
        "on": sorted(form.on),
        "caller": form.caller,
        "number": form.number,
        "address": form.address,
        "event.id": [each.id for each in form.events],
        "event.title": [each.title for each in form.events],
        "event.slug": [each.slug for each in form.events],
        "event.duration": [each.duration for each in form.events],
        "override.day": [each.day for each in form.overrides],
        "override.start": [each.start for each in form.overrides],
        "override.end": [each.end for each in form.overrides],
        "notice": form.notice,
        "notice_unit": form.notice_unit,
        "horizon": form.horizon,
        "before": form.before,
        "after": form.after,
        "interval": form.interval,
        "cap": form.cap,
        "remind": "1" if form.remind else "",
        "lead": form.lead,
        "lead_unit": form.lead_unit,
        "save": "1",
    }
    for weekday, rows in form.weekly.items():
        fields[f"hours.{weekday}.start"] = [each.start for each in rows]
        fields[f"hours.{weekday}.end"] = [each.end for each in rows]
    return fields


async def an_edited_page(server: Server, page: BookingPage | None = None) -> tuple[Host, Visitor, BookingPage]:
    host, visitor = await a_signed_in_host(server)
    made = await server.memory.page(page or a_page(host, meeting_types=(at_the_harbour,)))
    return host, visitor, made


async def saved(server: Server, page: BookingPage) -> BookingPage:
    found = await server.memory.store.views.page(page.host_id, page.id)
    assert found
    return found


async def sends(visitor: Visitor, page: BookingPage, **changes: str | list[str]) -> Visitor:
    fields = {**as_shown(page), **{key.replace("__", "."): value for key, value in changes.items()}}
    return await visitor.sends(f"/pages/{page.id}/edit", fields)


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
    assert ["Saved. It counts from the next booking on."] == visitor.said
    assert "set to a meeting in person. If that can’t be used, a booking falls back to a Zoom meeting." in visitor.text


async def test_moving_a_type_changes_the_form_and_saves_nothing(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, on=["in_person", "zoom"], move="zoom:up", title="Not saved yet")

    assert "The page is set to a Zoom meeting." in visitor.text
    assert "Not saved yet" == visitor.value("title")
    assert page == await saved(server, page)


async def test_a_row_can_be_added_without_losing_what_is_typed(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, add="event", title="Not saved yet")

    assert 2 == visitor.html.count('name="event.title"')
    assert "Not saved yet" == visitor.value("title")
    for added, field in (("mon", "hours.mon.start"), ("override", "override.day")):
        before = (await visitor.opens(f"/pages/{page.id}/edit")).html.count(f'name="{field}"')
        await sends(visitor, page, add=added)
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
        event__duration=["zero"],
        hours__mon__start=["09:00", "11:00"],
        hours__mon__end=["12:00", "13:00"],
        hours__tue__start=["17:00"],
        hours__tue__end=["09:00"],
        override__day=["Christmas"],
        override__start=[""],
        override__end=[""],
    )

    assert 400 == visitor.status
    assert "Please check these 9 things" in visitor.text
    for field in ("number", "address", "horizon", "notice", "cap", "event-0-duration", "hours-mon", "hours-tue"):
        assert f'href="#{field}"' in visitor.html, field
        assert f'id="{field}-error"' in visitor.html, field
    assert "These hours overlap." in visitor.text
    assert "New title" == visitor.value("title")
    assert "soon" == visitor.value("notice")
    assert page == await saved(server, page)


async def test_a_wrong_event_type_is_named_though_empty_rows_are_before_it(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    [known] = page.event_types

    await sends(
        visitor,
        page,
        event__id=[known.id, "", ""],
        event__title=[known.title, "", "New"],
        event__slug=[known.slug, "", "No Slug"],
        event__duration=["30", "30", "45"],
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
        event__id=[first.id, second.id, ""],
        event__title=["Changed", second.title, "New"],
        event__slug=[first.slug, second.slug, "new"],
        event__duration=["45", "30", "90"],
        event__removed=[second.id],
    )

    event_types = (await saved(server, page)).event_types
    assert [("intro", "Changed", timedelta(minutes=45)), ("new", "New", timedelta(minutes=90))] == [
        (each.slug, each.title, each.duration) for each in event_types
    ]
    assert first.id == event_types[0].id


async def test_a_slug_of_another_page_is_refused_at_its_field(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, slug="taken"))
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))

    await sends(visitor, page, slug="taken")

    assert 'id="slug-error"' in visitor.html
    assert "This slug is taken" in visitor.text


async def test_a_type_that_cannot_be_used_says_why_and_how_to_mend_it(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit")

    assert "No Zoom account is connected." in visitor.text
    assert 'aria-describedby="why-zoom"' in visitor.html
    assert 'href="/settings/providers"' in visitor.html


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


async def test_reminders_have_a_lead_time_and_can_be_off(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await visitor.opens(f"/pages/{page.id}/edit")
    assert "1" == visitor.value("lead")
    assert "<option selected>days</option>" in visitor.html
    await sends(visitor, page, lead="90", lead_unit="minutes")
    assert timedelta(minutes=90) == (await saved(server, page)).remind_before
    await sends(visitor, page, remind="")

    assert (await saved(server, page)).remind_before is None


async def test_a_lead_time_beyond_a_month_is_refused_at_its_field(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, lead="31", lead_unit="days", tab="notifications")

    assert 400 == visitor.status
    assert "Please enter a whole number from 1 to 30." in visitor.text
    assert 'id="lead-error"' in visitor.html
    assert "31" == visitor.value("lead")

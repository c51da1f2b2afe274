"""Every use case of a host's own things decides itself who may, whoever drives it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from inspect import getmembers, isfunction
from typing import get_type_hints

import pytest

from application.accounts.api_tokens import NewApiToken
from application.accounts.export_data import READS
from application.accounts.profile import ProfileEdit
from application.actor import HostActor, OperatorActor, System
from application.app import App
from application.connections.authorization import Callback
from application.pages.page_edits import EventTypeEdit, PageEdit
from application.schedules.edit_schedules import ScheduleEdit
from domain.api_token import Scope
from domain.booking_page import BookingPage
from domain.errors import Forbidden, NotFound
from domain.ids import HostId, ScheduleId, SessionId
from tests.support.builders import a_host, a_page
from tests.support.memory_app import MemoryApp

Ask = Callable[[App, HostActor, BookingPage], Awaitable[object]]

PASSWORD = "correct horse"
A_PNG = b"\x89PNG"
NO_SCOPES: frozenset[Scope] = frozenset()
A_TOKEN = NewApiToken("test", ("account:read",))
NO_SCHEDULE = ScheduleId("gone")
AN_EVENT_TYPE = EventTypeEdit(slug="another", title="Another", duration_minutes=30)


async def nothing_found(asked: Awaitable[object]) -> None:
    with suppress(NotFound):
        await asked


WITH_ONE_PAGE: dict[str, Ask] = {
    "show_page": lambda app, actor, page: app.show_page(actor, page.id),
    "change_page": lambda app, actor, page: app.change_page(actor, page.id, PageEdit(title="Changed")),
    "rewrite_page": lambda app, actor, page: app.rewrite_page(
        actor, page.id, PageEdit(title="Changed"), (), version=page.version
    ),
    "duplicate_page": lambda app, actor, page: app.duplicate_page(actor, page.id),
    "remove_page": lambda app, actor, page: app.remove_page(actor, page.id),
    "add_event_type": lambda app, actor, page: app.add_event_type(actor, page.id, AN_EVENT_TYPE),
    "show_event_type": lambda app, actor, page: app.show_event_type(actor, page.id, page.event_types[0].id),
    "change_event_type": lambda app, actor, page: app.change_event_type(
        actor, page.id, page.event_types[0].id, EventTypeEdit(title="Changed")
    ),
    "remove_event_type": lambda app, actor, page: app.remove_event_type(actor, page.id, page.event_types[0].id),
}

TODAY = date(2026, 3, 2)

NEEDS: dict[str, tuple[Scope, Ask]] = {
    "list_pages": ("pages:read", lambda app, actor, _: app.list_pages(actor)),
    "create_page": ("pages:write", lambda app, actor, _: app.create_page(actor, PageEdit(slug="new", title="New"))),
    "free_times": (
        "pages:read",
        lambda app, actor, page: app.list_slots.for_host(
            actor, page.id, page.event_types[0].id, TODAY, TODAY, "Europe/Berlin"
        ),
    ),
    "list_schedules": ("pages:read", lambda app, actor, _: app.list_schedules(actor)),
    "create_schedule": ("pages:write", lambda app, actor, _: app.create_schedule(actor, ScheduleEdit("New"))),
    "show_schedule": ("pages:read", lambda app, actor, _: nothing_found(app.show_schedule(actor, NO_SCHEDULE))),
    "change_schedule": (
        "pages:write",
        lambda app, actor, _: nothing_found(app.change_schedule(actor, NO_SCHEDULE, ScheduleEdit("Changed"))),
    ),
    "remove_schedule": ("pages:write", lambda app, actor, _: nothing_found(app.remove_schedule(actor, NO_SCHEDULE))),
    "show_profile": ("account:read", lambda app, actor, _: app.show_profile(actor)),
    "edit_profile": ("account:write", lambda app, actor, _: app.edit_profile(actor, ProfileEdit(name="Changed"))),
    "set_picture": ("account:write", lambda app, actor, _: app.set_picture(actor, "photo", A_PNG)),
    "remove_picture": ("account:write", lambda app, actor, _: app.remove_picture(actor, "photo")),
    "send_confirmation": ("account:write", lambda app, actor, _: app.send_confirmation(actor)),
    "change_email": ("account:write", lambda app, actor, _: app.change_email(actor, "new@hosts.example", PASSWORD)),
    "change_password": ("account:write", lambda app, actor, _: app.change_password(actor, PASSWORD, "battery staple")),
    "sign_out_everywhere": ("account:write", lambda app, actor, _: app.sign_out_everywhere(actor)),
    "list_api_tokens": ("account:read", lambda app, actor, _: app.list_api_tokens(actor)),
    "issue_api_token": ("account:write", lambda app, actor, _: app.issue_api_token(actor, A_TOKEN, PASSWORD)),
    "list_sessions": ("account:read", lambda app, actor, _: app.list_sessions(actor)),
    "end_session": ("account:write", lambda app, actor, _: app.end_session(actor, SessionId("one"))),
    "list_security_events": ("account:read", lambda app, actor, _: app.list_security_events(actor, 10)),
    "preview_disowning": ("account:read", lambda app, actor, _: app.disown.preview(actor)),
    "disown": ("account:write", lambda app, actor, _: app.disown(actor)),
    "upcoming_bookings": ("account:read", lambda app, actor, _: app.delete_account.upcoming_bookings(actor)),
    "start_connecting": ("account:write", lambda app, actor, _: app.start_connecting(actor, "session", "zoom")),
    "finish_connecting": (
        "account:write",
        lambda app, actor, _: app.finish_connecting(actor, "session", "zoom", Callback()),
    ),
    "preview_disconnect": (
        "account:read",
        lambda app, actor, _: nothing_found(app.preview_disconnect(actor, "zoom")),
    ),
    "disconnect_provider": ("account:write", lambda app, actor, _: app.disconnect_provider(actor, "zoom")),
    "show_connections": ("account:read", lambda app, actor, _: app.show_connections(actor)),
    "show_provider_statuses": ("account:read", lambda app, actor, _: app.show_provider_statuses(actor)),
    "use_provider_on_pages": (
        "pages:write",
        lambda app, actor, page: app.use_provider_on_pages(actor, "zoom", [page.id]),
    ),
    **{name: ("pages:read" if name.startswith("show") else "pages:write", ask) for name, ask in WITH_ONE_PAGE.items()},
}


async def a_stored_page(memory: MemoryApp) -> BookingPage:
    return await memory.page(a_page(await memory.host(password=PASSWORD)))


@pytest.mark.parametrize("ask", WITH_ONE_PAGE.values(), ids=WITH_ONE_PAGE)
async def test_another_hosts_page_is_not_found_and_stays_as_it_is(ask: Ask) -> None:
    memory = MemoryApp()
    page, stranger = await a_stored_page(memory), await memory.host(a_host())

    with pytest.raises(NotFound):
        await ask(memory.app, HostActor(stranger.id), page)

    assert page == await memory.app.show_page(HostActor(page.host_id), page.id)


@pytest.mark.parametrize(("scope", "ask"), NEEDS.values(), ids=NEEDS)
async def test_a_token_without_the_scope_is_refused_and_told_which_one(scope: Scope, ask: Ask) -> None:
    memory = MemoryApp()
    page = await a_stored_page(memory)

    with pytest.raises(Forbidden) as refused:
        await ask(memory.app, HostActor(page.host_id, NO_SCOPES), page)

    assert scope == refused.value.scope
    assert [page] == await memory.app.list_pages(HostActor(page.host_id))


@pytest.mark.parametrize(("scope", "ask"), NEEDS.values(), ids=NEEDS)
async def test_a_token_with_the_scope_may(scope: Scope, ask: Ask) -> None:
    memory = MemoryApp()
    page = await a_stored_page(memory)

    await ask(memory.app, HostActor(page.host_id, frozenset({scope})), page)


async def test_another_hosts_token_cannot_be_revoked() -> None:
    memory = MemoryApp()
    owner, other = await memory.host(), await memory.host()
    host, stranger = HostActor(owner.id), HostActor(other.id)
    await memory.token_of(owner)
    [token] = await memory.app.list_api_tokens(host)

    with pytest.raises(NotFound):
        await memory.app.revoke_api_token(stranger, token.id)

    assert (token,) == await memory.app.list_api_tokens(host)


@pytest.mark.parametrize("missing", READS)
async def test_everything_about_a_host_is_exported_only_to_who_may_read_all_of_it(missing: Scope) -> None:
    memory = MemoryApp()
    host = await memory.host()
    rest: frozenset[Scope] = frozenset(READS) - {missing}

    with pytest.raises(Forbidden) as refused:
        await memory.app.export_data(HostActor(host.id, rest))

    assert missing == refused.value.scope


async def test_an_account_is_deleted_only_by_who_may_write_it() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)

    with pytest.raises(Forbidden):
        await memory.app.delete_account(
            HostActor(host.id, frozenset({"account:read"})), host.handle, PASSWORD, cancel_bookings=True
        )

    assert host == (await memory.app.show_profile(HostActor(host.id))).host


def test_only_the_operator_and_the_system_name_a_host_by_a_bare_id() -> None:
    handed_out: dict[str, object] = vars(MemoryApp().app)
    for name, use_case in handed_out.items():
        for method, function in getmembers(type(use_case), isfunction):
            taken = set(get_type_hints(function).values())
            if HostId in taken and (method == "__call__" or not method.startswith("_")):
                assert taken & {OperatorActor, System}, f"{name}.{method}"

"""Settings → Schedules: hours that booking pages share."""

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_409_CONFLICT

from adapters.http.web.forms import Errors, Form, Visit, form_of
from adapters.http.web.pages.editing.differences import schedule_differences
from adapters.http.web.pages.editing.form import version_sent
from adapters.http.web.pages.editing.holidays import coming_holidays
from adapters.http.web.pages.editing.hours_buttons import pressed_hours
from adapters.http.web.pages.editing.hours_form import HoursForm
from adapters.http.web.pages.editing.words import DAY_NAMES, hours_in_words
from adapters.http.web.templating import shown
from adapters.presentation.countries import countries_by_name
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from application.actor import HostActor
from application.app import App
from application.pages.page_edits import PageEdit
from application.people import person_name, short_text, time_zone
from application.schedules.edit_schedules import ScheduleEdit, ScheduleSavedMeanwhile
from domain.availability import WEEKDAYS_NINE_TO_FIVE
from domain.booking_page import BookingPage
from domain.errors import InvalidInput, ScheduleInUse
from domain.host import Host
from domain.ids import ScheduleId
from domain.schedule import LONGEST_SCHEDULE_NAME, Schedule

PATH = "/settings/schedules"
LARGEST_SCHEDULE = 1_000_000
"""Hours for many days."""

_NAMES = {
    "name": marked("Name"),
    "timezone": marked("Time zone"),
    "hours": marked("Weekly hours"),
    "date": marked("Date"),
    "holidays_country": marked("Public holidays"),
    "holidays_region": marked("Region"),
}
_FIELDS = {"availability": "hours", "schedule": "name"}


class ScheduleForm(msgspec.Struct, frozen=True):
    """All fields as typed; no time zone is the host's."""

    name: str
    timezone: str
    hours: HoursForm

    @classmethod
    def of(cls, schedule: Schedule) -> "ScheduleForm":
        return cls(schedule.name, schedule.timezone or "", HoursForm.of(schedule.availability))

    @classmethod
    def sent(cls, form: Form) -> "ScheduleForm":
        return cls(form.text("name"), form.text("timezone"), HoursForm.sent(form))

    def checked(self) -> tuple[ScheduleEdit, Errors]:
        """What to save, and what is wrong with it; with errors there is nothing to save."""
        errors = Errors()
        errors.check(lambda: person_name(short_text(self.name, "name", LONGEST_SCHEDULE_NAME), "name"))
        if self.timezone:
            errors.check(lambda: time_zone(self.timezone, "timezone"))
        return ScheduleEdit(self.name, self.hours.checked(errors), self.timezone or None), errors


class ScheduleRow(msgspec.Struct, frozen=True):
    schedule: Schedule
    words: str
    pages: list[BookingPage]


class SchedulePages(Controller):
    path = PATH

    @get()
    async def listed(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        removed: FromQuery[str] = "",
    ) -> Template:
        pages = await app.list_pages(actor)
        rows = [
            ScheduleRow(each, hours_in_words(each.availability), _using(pages, each))
            for each in await app.list_schedules(actor)
        ]
        return shown("pages/schedules.html", me=host, rows=rows, removed=bool(removed))

    @get("/new")
    async def new(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        page: FromQuery[str] = "",
    ) -> Template:
        """Begin with the hours of a page that is to share them, or with office hours."""
        found = next((each for each in await app.list_pages(actor) if each.id == page), None)
        hours = HoursForm.of(found.availability if found else WEEKDAYS_NINE_TO_FIVE)
        return await _edit(app, host, ScheduleForm(_("Working hours"), "", hours), None, sharing=found)

    @post("/new", status_code=HTTP_200_OK, request_max_body_size=LARGEST_SCHEDULE)
    async def create(
        self, request: Visit, app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
    ) -> Template | Redirect:
        sent = await form_of(request)
        form = ScheduleForm.sent(sent)
        sharing = next((each for each in await app.list_pages(actor) if each.id == sent.text("page")), None)
        if sent.text("do"):
            return await _pressed(app, host, form, sent, None, sharing)
        edit, errors = form.checked()
        if not errors:
            try:
                made = await app.create_schedule(actor, edit)
                if sharing is not None:
                    await app.change_page(actor, sharing.id, PageEdit(schedule_id=made.id))
                    to = f"/pages/{sharing.id}/edit?saved=1#availability"
                else:
                    to = f"{PATH}/{made.id}?saved=1"
                return Redirect(to, status_code=HTTP_303_SEE_OTHER)
            except InvalidInput as refusal:
                errors = Errors.of(refusal, _field_of)
        return await _edit(app, host, form, None, errors, HTTP_400_BAD_REQUEST, sharing=sharing)

    @get("/{schedule_id:str}")
    async def edit(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        schedule_id: FromPath[str],
        saved: FromQuery[str] = "",
    ) -> Template:
        schedule = await app.show_schedule(actor, ScheduleId(schedule_id))
        pages = _using(await app.list_pages(actor), schedule)
        return await _edit(app, host, ScheduleForm.of(schedule), schedule, pages=pages, saved=bool(saved))

    @post("/{schedule_id:str}", status_code=HTTP_200_OK, request_max_body_size=LARGEST_SCHEDULE)
    async def save(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        schedule_id: FromPath[str],
    ) -> Template | Redirect:
        """Save everything at once; the buttons named `do` only change the form."""
        schedule = await app.show_schedule(actor, ScheduleId(schedule_id))
        pages = _using(await app.list_pages(actor), schedule)
        sent = await form_of(request)
        form, version = ScheduleForm.sent(sent), version_sent(sent) or schedule.version
        if sent.text("do"):
            begun = msgspec.structs.replace(schedule, version=version)
            return await _pressed(app, host, form, sent, begun, None, pages)
        edit, errors = form.checked()
        if not errors:
            try:
                await app.change_schedule(actor, schedule.id, edit, version=version)
                return Redirect(f"{PATH}/{schedule_id}?saved=1", status_code=HTTP_303_SEE_OTHER)
            except InvalidInput as refusal:
                errors = Errors.of(refusal, _field_of)
            except ScheduleSavedMeanwhile as meanwhile:
                # What is stored now counts as seen: saving again replaces it.
                return await _edit(
                    app, host, form, meanwhile.theirs, None, HTTP_409_CONFLICT, pages=pages, meanwhile=meanwhile
                )
        shown_as = msgspec.structs.replace(schedule, version=version)
        return await _edit(app, host, form, shown_as, errors, HTTP_400_BAD_REQUEST, pages=pages)

    @get("/{schedule_id:str}/remove")
    async def ask_to_remove(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        schedule_id: FromPath[str],
    ) -> Template:
        return await _asking_to_remove(app, host, actor, schedule_id)

    @post("/{schedule_id:str}/remove", status_code=HTTP_200_OK)
    async def remove(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        schedule_id: FromPath[str],
    ) -> Template | Redirect:
        try:
            await app.remove_schedule(actor, ScheduleId(schedule_id))
        except ScheduleInUse:
            # The page says which use it.
            return await _asking_to_remove(app, host, actor, schedule_id, HTTP_409_CONFLICT)
        return Redirect(f"{PATH}?removed=1", status_code=HTTP_303_SEE_OTHER)


async def _asking_to_remove(
    app: App, host: Host, actor: HostActor, schedule_id: str, status: int = HTTP_200_OK
) -> Template:
    schedule = await app.show_schedule(actor, ScheduleId(schedule_id))
    pages = _using(await app.list_pages(actor), schedule)
    return shown("pages/remove_schedule.html", status, me=host, schedule=schedule, pages=pages)


async def _pressed(
    app: App,
    host: Host,
    form: ScheduleForm,
    sent: Form,
    schedule: Schedule | None,
    sharing: BookingPage | None,
    pages: list[BookingPage] | None = None,
) -> Template:
    what, *wish = sent.text("do").split(":")
    done = pressed_hours(form.hours, what, wish, sent)
    if done is not None:
        form = msgspec.structs.replace(form, hours=done.hours)
    # What was told to be wrong goes on being told until it is right.
    errors = form.checked()[1] if sent.text("checked") else None
    focus, announcement = (done.focus, done.announcement) if done else ("", "")
    return await _edit(
        app, host, form, schedule, errors, pages=pages, sharing=sharing, focus=focus, announcement=announcement
    )


async def _edit(
    app: App,
    host: Host,
    form: ScheduleForm,
    schedule: Schedule | None,
    errors: Errors | None = None,
    status: int = HTTP_200_OK,
    *,
    pages: list[BookingPage] | None = None,
    sharing: BookingPage | None = None,
    meanwhile: ScheduleSavedMeanwhile | None = None,
    saved: bool = False,
    focus: str = "",
    announcement: str = "",
) -> Template:
    """Show the editor; without a schedule, that of a new one, which `sharing` is to use first."""
    errors = errors or Errors()
    return shown(
        "pages/schedule.html",
        status,
        me=host,
        schedule=schedule,
        form=form,
        errors=errors,
        complaints=[(field.replace(".", "-"), _complaint(field, words)) for field, words in errors.items()],
        unsaved=schedule is None or form != ScheduleForm.of(schedule),
        day_names={weekday: _(name) for weekday, name in DAY_NAMES.items()},
        pages=pages or [],
        sharing=sharing,
        conflict=schedule_differences(meanwhile.mine, meanwhile.theirs) if meanwhile else None,
        saved=saved,
        focus=focus,
        announcement=announcement,
        countries=countries_by_name(),
        holidays=await coming_holidays(app, HostActor(host.id), form.hours),
    )


def _complaint(field: str, words: str) -> str:
    first, _dot, rest = field.partition(".")
    name = DAY_NAMES[rest] if first == "hours" and rest in DAY_NAMES else _NAMES[first]
    return _("{field}: {words}").format(field=_(name), words=words)


def _field_of(path: str) -> str:
    match path.split("."):
        case ["availability", "weekly", day, *_]:
            return f"hours.{day}"
        case ["availability", "public_holidays", *rest]:
            return f"holidays_{rest[0] if rest else 'country'}"
        case [first, *_]:
            return _FIELDS.get(first, first)
        case _:
            return path


def _using(pages: list[BookingPage], schedule: Schedule) -> list[BookingPage]:
    return [each for each in pages if each.schedule_id == schedule.id]

"""The public holidays that the hours in a form keep free."""

from adapters.http.web.pages.editing.hours_form import HoursForm
from adapters.presentation.language import spoken
from application.actor import HostActor
from application.app import App
from application.schedules.public_holidays import ComingHolidays
from domain.errors import InvalidInput
from domain.faults import InvalidValue
from domain.public_holidays import HolidayCalendar


async def coming_holidays(app: App, actor: HostActor, hours: HoursForm) -> ComingHolidays | None:
    """None where no country is chosen, or one that isn't known."""
    try:
        calendar = HolidayCalendar(hours.country, hours.region or None)
        return await app.show_holidays(actor, calendar, spoken().tag)
    except (InvalidInput, InvalidValue):
        return None

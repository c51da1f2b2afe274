"""Every call of the JSON API."""

from litestar import Router
from litestar.di import Provide

from adapters.http.api import (
    booking_pages,
    bookings,
    calendars,
    event_types,
    me,
    pictures,
    providers,
    public,
    schedules,
    tokens,
    webhooks,
)
from adapters.http.api.bearer import bearer_actor
from adapters.http.api.docs import describing
from adapters.http.api.reading import LARGEST_BODY

PUBLIC = (
    public.get_page,
    public.list_slots,
    public.create_booking,
    public.get_booking,
    public.cancel_booking,
    public.reschedule_booking,
)

FOR_HOSTS = (
    me.get_me,
    me.change_me,
    pictures.set_picture,
    pictures.remove_picture,
    tokens.list_tokens,
    tokens.create_token,
    tokens.revoke_token,
    providers.list_providers,
    providers.disconnect,
    calendars.list_connections,
    calendars.connect,
    calendars.disconnect,
    calendars.list_calendars,
    calendars.get_calendar,
    calendars.change_calendar,
    calendars.read_calendar,
    booking_pages.list_pages,
    booking_pages.create_page,
    booking_pages.get_page,
    booking_pages.change_page,
    booking_pages.duplicate_page,
    booking_pages.remove_page,
    schedules.list_schedules,
    schedules.create_schedule,
    schedules.get_schedule,
    schedules.change_schedule,
    schedules.remove_schedule,
    schedules.list_public_holidays,
    event_types.list_event_types,
    event_types.add_event_type,
    event_types.get_event_type,
    event_types.explain_time,
    event_types.change_event_type,
    event_types.remove_event_type,
    bookings.list_bookings,
    bookings.get_booking,
    bookings.book_for_guest,
    bookings.cancel_booking,
    bookings.reschedule_booking,
    bookings.propose_times,
    bookings.retry_meeting,
    bookings.set_join_link,
    bookings.switch_meeting_type,
    bookings.resend,
    bookings.erase_guest,
    bookings.restore_entry,
    bookings.accept_entry,
    webhooks.list_webhooks,
    webhooks.add_webhook,
    webhooks.get_webhook,
    webhooks.change_webhook,
    webhooks.remove_webhook,
    webhooks.test_webhook,
    webhooks.rotate_secret,
    webhooks.resume_webhook,
    webhooks.recover_webhook,
    webhooks.list_deliveries,
    webhooks.retry_delivery,
    webhooks.list_events,
)

BEARER = {"actor": Provide(bearer_actor)}

ROUTES = [
    Router("/api/v1", route_handlers=PUBLIC, request_max_body_size=LARGEST_BODY),
    Router("/api/v1", route_handlers=FOR_HOSTS, request_max_body_size=LARGEST_BODY, dependencies=BEARER),
    *describing(public=PUBLIC, for_hosts=FOR_HOSTS),
]

"""Whatever the web app shows or changes, the API can."""

import re

from tests.support.serving import Server

SAFE = {"GET", "HEAD", "OPTIONS"}

CALLS = {
    "/{handle}/{page}/{event_type}": "createBooking",
    "/embed/{handle}/{page}/{event_type}": "createBooking",
    "/b/{token}/cancel": "cancelGuestBooking",
    "/b/{token}/mail": "resendGuestMail",
    "/leave/{token}": "leaveBooking",
    "/b/{token}/proposed/{start}": "rescheduleGuestBooking",
    "/b/{token}/release": "cancelGuestBooking",
    "/b/{token}/reschedule": "rescheduleGuestBooking",
    "/bookings/{booking_id}/calendar-entry/accept": "acceptCalendarEntry",
    "/bookings/{booking_id}/calendar-entry/restore": "restoreCalendarEntry",
    "/bookings/{booking_id}/cancel": "cancelBooking",
    "/bookings/{booking_id}/erase-guest": "eraseGuest",
    "/bookings/{booking_id}/join-link": "setJoinLink",
    "/bookings/{booking_id}/meeting-type": "switchMeetingType",
    "/bookings/{booking_id}/propose": "proposeTimes",
    "/bookings/{booking_id}/reschedule": "rescheduleBooking",
    "/bookings/{booking_id}/resend": "resendMails",
    "/bookings/{booking_id}/retry": "retryMeeting",
    "/pages/new": "createBookingPage",
    "/pages/new/hours": "createBookingPage",
    "/pages/new/meeting": "createBookingPage",
    "/pages/{page_id}/active": "changeBookingPage",
    "/pages/{page_id}/book": "bookForGuest",
    "/pages/{page_id}/duplicate": "duplicateBookingPage",
    "/pages/{page_id}/edit": "changeBookingPage",
    "/pages/{page_id}/links": "makeBookingLink",
    "/pages/{page_id}/links/{link_id}/remove": "removeBookingLink",
    "/pages/{page_id}/remove": "removeBookingPage",
    "/settings/api-tokens": "createToken",
    "/settings/api-tokens/{token_id}/revoke": "revokeToken",
    "/settings/calendar-connections/{connection_id}/disconnect": "disconnectCalendar",
    "/settings/calendar-connections/{connection_id}/read": "readCalendar",
    "/settings/calendars/caldav": "connectCalendar",
    "/settings/calendars/caldav/{connection_id}": "connectCalendar",
    "/settings/calendars/feed": "connectCalendar",
    "/settings/calendars/{calendar_id}": "changeCalendar",
    "/settings/data/delete": "deleteAccount",
    "/settings/email": "changeMe",
    "/settings/email/confirmation": "sendConfirmation",
    "/settings/not-me": "lockOthersOut",
    "/settings/passkeys/{passkey_id}/remove": "removePasskey",
    "/settings/passkeys/{passkey_id}/rename": "renamePasskey",
    "/settings/password": "changePassword",
    "/settings/pictures/{picture_kind}": "setPicture",
    "/settings/pictures/{picture_kind}/remove": "removePicture",
    "/settings/profile": "changeMe",
    "/settings/providers/{provider}/disconnect": "disconnectProvider",
    "/settings/providers/{provider}/use": "changeBookingPage",
    "/settings/schedules/new": "createSchedule",
    "/settings/schedules/{schedule_id}": "changeSchedule",
    "/settings/schedules/{schedule_id}/remove": "removeSchedule",
    "/settings/sessions/{session_id}/end": "endSession",
    "/settings/sign-out-everywhere": "endSessions",
    "/settings/webhooks": "addWebhook",
    "/settings/webhooks/{webhook_id}": "changeWebhook",
    "/settings/webhooks/{webhook_id}/deliveries/{delivery_id}": "retryWebhookDelivery",
    "/settings/webhooks/{webhook_id}/recover": "recoverWebhook",
    "/settings/webhooks/{webhook_id}/remove": "removeWebhook",
    "/settings/webhooks/{webhook_id}/resume": "resumeWebhook",
    "/settings/webhooks/{webhook_id}/secret": "rotateWebhookSecret",
    "/settings/webhooks/{webhook_id}/test": "testWebhook",
    "/support": "askSupport",
    "/support/{token}": "writeToSupport",
}
"""By the address of each form: the call that does the same."""

READS = {
    "/b/{token}": "getGuestBooking",
    "/b/{token}/booked": "getGuestBooking",
    "/b/{token}/invite.ics": "getGuestBooking",
    "/b/{token}/live": "getGuestBooking",
    "/bookings": "listBookings",
    "/bookings/export.csv": "listBookings",
    "/bookings/{booking_id}": "getBooking",
    "/bookings/{booking_id}/live": "getBooking",
    "/dashboard": "listBookingPages",
    "/embed/{handle}/{page}": "getPublicPage",
    "/embed/{handle}/{page}/{event_type}/b/{token}": "getGuestBooking",
    "/embed/{handle}/{page}/{event_type}/b/{token}/live": "getGuestBooking",
    "/pages/{page_id}/created": "getBookingPage",
    "/settings/calendar-connections/{connection_id}": "listCalendarConnections",
    "/settings/data": "exportData",
    "/settings/data/timetuna.json": "exportData",
    "/settings/passkeys/{passkey_id}": "listPasskeys",
    "/settings/providers": "listProviders",
    "/settings/schedules": "listSchedules",
    "/support/{token}/live": "getSupportThread",
    "/{handle}/{page}": "getPublicPage",
}
"""By the address of each page without a form of its own: the call that tells the same."""

SIGNS_IN = "a browser gets its session, or an account its first owner"
MAILED_LINK = "whoever has the mail proves it by its link"
CONSENT = "the host agrees at the provider, in their browser"
CEREMONY = "an authenticator speaks WebAuthn with the browser that it belongs to"
OPERATOR = "the operator's own link from a mail, which is no host's"
PROGRAMS = "programs call it"
NOTHING_STORED = "nothing is stored but in the browser"
FOR_ANYBODY = "it is for anybody to fetch as it is"
RUNS_IT = "whoever runs the server looks after it so"
LISTED_TO_HOST = "it has links for guests; the host lists the pages by a call"

WHY_NONE = {
    "/b/{token}/confirm/{proof}": MAILED_LINK,
    "/confirm-email/{token}": MAILED_LINK,
    "/reset/{token}": MAILED_LINK,
    "/unsubscribe/{token}": MAILED_LINK,
    "/forgot": SIGNS_IN,
    "/signin": SIGNS_IN,
    "/signin/passkey": CEREMONY,
    "/signin/passkey/options": CEREMONY,
    "/signout": SIGNS_IN,
    "/signup": SIGNS_IN,
    "/settings/confirm": CEREMONY,
    "/settings/passkeys": CEREMONY,
    "/settings/passkeys/new": CEREMONY,
    "/settings/calendar-accounts/{connection_id}/reconnect": CONSENT,
    "/settings/calendar-accounts/{kind}/connect": CONSENT,
    "/settings/providers/{provider}/connect": CONSENT,
    "/support/desk/{link}/{thread_id}": OPERATOR,
    "/support/desk/{link}/{thread_id}/close": OPERATOR,
    "/integrations/{name}/calendar/notifications": PROGRAMS,
    "/integrations/{name}/deauthorized": PROGRAMS,
    "/mcp": PROGRAMS,
    "/language": NOTHING_STORED,
    "/pages/{page_id}/preview": NOTHING_STORED,
}


WHY_NOT_READ = {
    "/": FOR_ANYBODY,
    "/.well-known/security.txt": FOR_ANYBODY,
    "/embed/v1.js": FOR_ANYBODY,
    "/favicon.ico": FOR_ANYBODY,
    "/llms.txt": FOR_ANYBODY,
    "/pictures/{picture}": FOR_ANYBODY,
    "/problems/{name}": FOR_ANYBODY,
    "/forgot/sent": SIGNS_IN,
    "/signup/check-mail": SIGNS_IN,
    "/integrations/{kind}/calendar/callback": CONSENT,
    "/integrations/{provider}/callback": CONSENT,
    "/support/desk/{link}": OPERATOR,
    "/healthz": RUNS_IT,
    "/metrics": RUNS_IT,
    "/readyz": RUNS_IT,
    "/readyz/process": RUNS_IT,
    "/{handle}": LISTED_TO_HOST,
}

FOLDERS_FOR_ANYBODY = ("/help", "/static/")


async def test_every_page_has_its_call_or_a_reason_why_there_is_none() -> None:
    server = Server()

    pages = {
        re.sub(r":\w+\}", "}", route.path)
        for route in server.litestar.routes
        if "GET" in getattr(route, "methods", ()) and not route.path.startswith(("/api/", *FOLDERS_FOR_ANYBODY))
    }

    assert pages - {*CALLS, *WHY_NONE} == {*READS, *WHY_NOT_READ}
    assert not READS.keys() & WHY_NOT_READ.keys()
    assert set(READS.values()) <= await described(server)


async def test_every_form_has_its_call_or_a_reason_why_there_is_none() -> None:
    server = Server()

    forms = {
        re.sub(r":\w+\}", "}", route.path)
        for route in server.litestar.routes
        if set(getattr(route, "methods", ())) - SAFE and not route.path.startswith("/api/")
    }

    assert forms == {*CALLS, *WHY_NONE}
    assert not CALLS.keys() & WHY_NONE.keys()
    assert set(CALLS.values()) <= await described(server)


async def described(server: Server) -> set[str]:
    """The names of all calls."""
    told = (await server.client().get("/api/openapi.json")).json()
    return {operation["operationId"] for path in told["paths"].values() for operation in path.values()}

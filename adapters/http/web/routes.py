"""Every page, and the files that pages are made of."""

from litestar.types import ControllerRouterHandler

from adapters.http.web.accounts.mail_links import (
    confirm_email,
    confirm_email_page,
    forgot,
    forgot_page,
    forgot_sent,
    reset,
    reset_page,
)
from adapters.http.web.accounts.passkey_sign_in import passkey_options, sign_in_with_passkey
from adapters.http.web.accounts.sign_in import (
    check_mail_page,
    landing,
    sign_in,
    sign_in_page,
    sign_out,
    sign_up,
    sign_up_page,
)
from adapters.http.web.bookings.for_guest import book_for_guest, book_for_guest_page
from adapters.http.web.bookings.host_actions import HostActions
from adapters.http.web.bookings.lists import BookingLists
from adapters.http.web.bookings.proposing import Proposing
from adapters.http.web.brand import brand_styles
from adapters.http.web.favicon import favicon
from adapters.http.web.help.helping import help_in_markdown, help_page, llms_txt
from adapters.http.web.language import choose_language
from adapters.http.web.manage.booking import Manage
from adapters.http.web.manage.confirming import Confirming
from adapters.http.web.manage.leaving import LeavePages
from adapters.http.web.manage.proposed import ProposedTimes
from adapters.http.web.pages.creating.screens import NewPage, created
from adapters.http.web.pages.dashboard import dashboard
from adapters.http.web.pages.editor import Editor
from adapters.http.web.pages.links import LinkPages
from adapters.http.web.pages.schedules import SchedulePages
from adapters.http.web.pictures import picture_file
from adapters.http.web.public.booking_page import PublicBookingPages
from adapters.http.web.settings.activity import ask_not_me, end_session, not_me
from adapters.http.web.settings.api_tokens import api_tokens, make_api_token, revoke_api_token
from adapters.http.web.settings.caldav import CaldavSettings
from adapters.http.web.settings.calendar_accounts import CalendarAccounts, calendar_callback
from adapters.http.web.settings.calendar_connections import CalendarConnectionSettings
from adapters.http.web.settings.calendars import CalendarSettings
from adapters.http.web.settings.identity import confirm, confirm_page
from adapters.http.web.settings.my_data import data_page, delete_account, download
from adapters.http.web.settings.passkeys import (
    add_passkey,
    begin_adding_passkey,
    new_passkey_page,
    passkey_page,
    remove_passkey,
    rename_passkey,
)
from adapters.http.web.settings.password import change_password, password_page, sign_out_everywhere
from adapters.http.web.settings.pictures import remove_picture, set_picture
from adapters.http.web.settings.profile import change_email, profile, save_profile, send_confirmation
from adapters.http.web.settings.providers import Providers, callback
from adapters.http.web.settings.webhooks import WebhookSettings
from adapters.http.web.static_files import STATIC_FILES
from adapters.http.web.styles import themed_styles
from adapters.http.web.support.desk import Desk
from adapters.http.web.support.form import ask_support, support_page
from adapters.http.web.support.thread import SupportThreadPage
from adapters.http.web.unsubscribe.page import unsubscribe, unsubscribe_page

ROUTES: list[ControllerRouterHandler] = [
    landing,
    sign_up_page,
    sign_up,
    check_mail_page,
    sign_in_page,
    sign_in,
    sign_out,
    passkey_options,
    sign_in_with_passkey,
    dashboard,
    Editor,
    LinkPages,
    SchedulePages,
    NewPage,
    created,
    book_for_guest_page,
    book_for_guest,
    BookingLists,
    HostActions,
    Proposing,
    forgot_page,
    forgot,
    forgot_sent,
    reset_page,
    reset,
    confirm_email_page,
    confirm_email,
    profile,
    end_session,
    ask_not_me,
    not_me,
    save_profile,
    set_picture,
    remove_picture,
    change_email,
    send_confirmation,
    new_passkey_page,
    begin_adding_passkey,
    add_passkey,
    passkey_page,
    rename_passkey,
    remove_passkey,
    confirm_page,
    confirm,
    password_page,
    change_password,
    sign_out_everywhere,
    api_tokens,
    make_api_token,
    revoke_api_token,
    WebhookSettings,
    data_page,
    download,
    delete_account,
    Providers,
    CaldavSettings,
    CalendarSettings,
    CalendarConnectionSettings,
    CalendarAccounts,
    calendar_callback,
    callback,
    help_page,
    help_in_markdown,
    llms_txt,
    choose_language,
    support_page,
    ask_support,
    SupportThreadPage,
    Desk,
    unsubscribe_page,
    unsubscribe,
    Manage,
    Confirming,
    ProposedTimes,
    LeavePages,
    brand_styles,
    themed_styles,
    favicon,
    picture_file,
    PublicBookingPages,
    STATIC_FILES,
]

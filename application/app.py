"""Everything that TimeTuna can do, on one screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from application.accounts.api_tokens import IssueApiToken, ListApiTokens, RevokeApiToken
from application.accounts.ask_for_mail import AskForMail
from application.accounts.change_password import ChangePassword
from application.accounts.confirm_identity import ConfirmIdentity
from application.accounts.delete_account import CloseAccount, DeleteAccount, DeleteAccountOf, FinishDeleting
from application.accounts.disown import Disown
from application.accounts.email_addresses import ChangeEmail, ConfirmEmail, SendConfirmation
from application.accounts.export_data import ExportData
from application.accounts.identify import IdentifySession, IdentifyToken, SignOut
from application.accounts.list_accounts import ListAccounts
from application.accounts.list_security_events import ListSecurityEvents
from application.accounts.mail_account import MailAccount
from application.accounts.new_password import CheckPassword
from application.accounts.passkeys import AddPasskey, BeginAddingPasskey, ListPasskeys, RemovePasskey, RenamePasskey
from application.accounts.pictures import RemovePicture, SetPicture, ShowPicture
from application.accounts.profile import EditProfile, ShowProfile
from application.accounts.prove_passkey import ConfirmWithPasskey, ProvePasskey, SignInWithPasskey
from application.accounts.prove_password import ProvePassword
from application.accounts.reset_password import ResetPassword
from application.accounts.sign_in import EndSession, ListSessions, SignIn, SignOutEverywhere, StartSession
from application.accounts.sign_up import CreateAccount, SignUp
from application.accounts.tell_token_expiry import TellTokenExpiry
from application.booking.ask_calendars import AskCalendars
from application.booking.book import BookTime
from application.booking.book_for_guest import BookForGuest
from application.booking.cancel import CancelBooking
from application.booking.confirm import ConfirmBooking
from application.booking.confirmation_links import ConfirmationLinks
from application.booking.create_meeting import CreateMeeting
from application.booking.decide_on_entry import AcceptEntryChange, RestoreEntry
from application.booking.erase_guests import EraseGuest, EraseOldGuests
from application.booking.explain_time import ExplainTime
from application.booking.export_bookings import ExportBookings
from application.booking.follow_entries import FollowEntries
from application.booking.holds import AskToConfirm, ReleaseHold
from application.booking.host_availability import HostAvailability
from application.booking.leave import LeaveBooking, TellGuestLeft
from application.booking.leave_links import LeaveLinks
from application.booking.list_slots import ListSlots
from application.booking.notify import MailBooking, StopWaiting
from application.booking.open_event_type import OpenEventType
from application.booking.propose_times import MailProposal, Proposals, ProposeTimes, TakeProposedTime
from application.booking.remind import RemindGuest
from application.booking.reschedule import RescheduleBooking
from application.booking.resend import ResendMails
from application.booking.retry_meeting import RetryMeeting, RetryWaitingBookings
from application.booking.set_join_link import SetJoinLink
from application.booking.show_bookings import (
    DownloadInvite,
    ListBookings,
    ShowBooking,
    ShowGuestBooking,
    WatchBooking,
)
from application.booking.submits import ChangeOnce, FindSubmit
from application.booking.switch_meeting_type import SwitchMeetingType
from application.calendars.admit_account import AdmitAccount
from application.calendars.change_rules import ChangeCalendarRules
from application.calendars.connect_account import FinishConnectingCalendars, StartConnectingCalendars
from application.calendars.connect_caldav import ConnectCaldav
from application.calendars.connect_feed import ConnectFeed
from application.calendars.disconnect_calendars import DisconnectCalendars
from application.calendars.end_watches import EndWatches
from application.calendars.find_overlaps import FindOverlaps
from application.calendars.follow_page import FollowPage
from application.calendars.freshen_calendars import FreshenCalendars
from application.calendars.keep_account import KeepAccount
from application.calendars.look_after_entries import LookAfterEntries
from application.calendars.look_into_account import LookIntoAccount
from application.calendars.read_calendar import ReadCalendar, ReadCalendarNow
from application.calendars.receive_notices import ReceiveCalendarNotices
from application.calendars.show_calendars import ShowCalendars
from application.calendars.show_next_times import ShowNextTimes
from application.calendars.tell_calendars import TellCalendars
from application.calendars.tell_entry_left import TellEntryLeft
from application.calendars.tell_overlaps import TellOverlaps
from application.calendars.timings import DEFAULT_TIMINGS, CalendarTimings
from application.calendars.use_account import UseCalendarAccount
from application.calendars.watch_calendar import NoticeAddress, WatchCalendar
from application.calendars.write_entry import WriteEntry
from application.connections.authorization import Authorize
from application.connections.connect_provider import FinishConnecting, StartConnecting
from application.connections.deauthorize import Deauthorize
from application.connections.disconnect_provider import DisconnectProvider
from application.connections.enter_account import EnterAccount, GiveBack
from application.connections.grants import UseGrant
from application.connections.keep_connection import KeepConnection, ScheduleRefreshes
from application.connections.preview_disconnect import PreviewDisconnect
from application.connections.provider_statuses import ShowProviderStatuses
from application.connections.receive_notification import ReceiveNotification
from application.connections.revoking import FindRelying
from application.connections.show_connections import ShowConnections
from application.connections.tell_connection import TellConnection
from application.decisions import ApplyDecision
from application.job_runner import Backoff, JobRunner
from application.jobs import (
    AcknowledgeSupportJob,
    AskToConfirmJob,
    CheckOverlapsJob,
    CreateMeetingJob,
    DeauthorizeJob,
    DeleteAccountJob,
    DeliverWebhooksJob,
    FindOverlapsJob,
    FollowEntriesJob,
    KeepConnectionJob,
    MailAccountJob,
    MailAnswerJob,
    MailBookingJob,
    MailProposalJob,
    MailSupportJob,
    ReadCalendarJob,
    RecordPastJob,
    ReleaseHoldJob,
    RemindGuestJob,
    RetryWaitingBookingsJob,
    StopWaitingJob,
    TellCalendarsJob,
    TellConnectionJob,
    TellEntryLeftJob,
    TellGuestLeftJob,
    TellOverlapsJob,
    TellRefusalJob,
    TellTokenExpiryJob,
    TellWebhookJob,
    WatchCalendarJob,
    WriteEntryJob,
)
from application.pages.booking_links import CheckBookingLink, ListBookingLinks, MakeBookingLink, RemoveBookingLink
from application.pages.edit_event_types import AddEventType, ChangeEventType, RemoveEventType
from application.pages.edit_pages import ChangePage, CreatePage, DuplicatePage, RemovePage, RewritePage
from application.pages.public_pages import FindPresentPath, ListPublicPages, ShowPublicPage
from application.pages.show_pages import ListPages, ShowEventType, ShowPage
from application.pages.tell_refusal import TellRefusal
from application.pages.use_provider import UseProviderOnPages
from application.ports.accounts import Authorizations, Devices, PasswordBlocklist, Passwords, Sessions
from application.ports.api_tokens import BearerTokens
from application.ports.calendar_reader import CalendarAsker, CalendarReader
from application.ports.calendar_watcher import CalendarNotices, CalendarWatcher, WatchRenewer
from application.ports.calendar_writer import CalendarWriter, EntryTexts
from application.ports.changes import Changes
from application.ports.clock import Clock, Ids
from application.ports.mail import CalendarFiles, Mailer
from application.ports.meetings import ConferenceProvider
from application.ports.notifications import ProviderNotifications
from application.ports.oauth import CalendarAccountClient
from application.ports.passkeys import RelyingParty
from application.ports.pictures import DrawsPictures
from application.ports.public_holidays import PublicHolidays
from application.ports.rate_limiter import RateLimiter
from application.ports.support import SupportDesk
from application.ports.suppressions import MailedTokens
from application.ports.unit_of_work import Begin
from application.ports.vault import Vault
from application.ports.views import Views
from application.ports.webhooks import WebhookBodies, WebhookSender
from application.schedules.edit_schedules import ChangeSchedule, CreateSchedule, RemoveSchedule
from application.schedules.public_holidays import CheckHolidays, NameHolidays, ShowHolidays
from application.schedules.show_schedules import ListSchedules, ShowSchedule
from application.spend_budget import SpendBudget
from application.support.answer_support import AnswerSupport, CloseSupportThread
from application.support.ask_support import AskSupport, WriteToSupport
from application.support.mail_support import MailSupport, MailVisitor
from application.support.show_support import ShowSupportDesk, ShowSupportThread, WatchSupportThread
from application.take_metrics import TakeMetricsSnapshot
from application.unsubscribe import Resubscribe, ShowSuppression, Unsubscribe, UnsubscribeLinks
from application.webhooks.deliver_webhooks import DeliverWebhooks
from application.webhooks.deliveries import ListWebhookEvents, RecoverWebhook, RetryDelivery, ShowDeliveries
from application.webhooks.manage_webhooks import (
    AddWebhook,
    ChangeWebhook,
    CheckWebhook,
    RemoveWebhook,
    ResumeWebhook,
    RotateSecret,
    ShowWebhooks,
    TryWebhook,
)
from application.webhooks.record_events import RecordBookingEvents
from application.webhooks.record_past import RecordPast
from application.webhooks.tell_webhook import TellWebhook
from domain.calendar import CalendarKind
from domain.provider import Provider


@dataclass(frozen=True)
class Ports:
    """What the use cases are driven through; `jitter` gives numbers in [0, 1).

    Where providers can't reach this server there are no `notice_addresses`, and calendars are polled.

    Without a `limiter` nothing is limited. Without a `support` desk nobody is there to write to, and
    without a `relying_party` nobody has passkeys. Unless sign-up is open, accounts come from the operator alone.
    """

    begin: Begin
    views: Views
    changes: Changes
    sessions: Sessions
    bearer_tokens: BearerTokens
    authorizations: Authorizations
    limiter: RateLimiter | None
    passwords: Passwords
    devices: Devices
    blocklist: PasswordBlocklist
    vault: Vault
    unsubscribe_tokens: MailedTokens
    leave_tokens: MailedTokens
    mailer: Mailer
    calendar_files: CalendarFiles
    drawing: DrawsPictures
    public_holidays: PublicHolidays
    providers: Mapping[Provider, ConferenceProvider]
    calendar_readers: Mapping[CalendarKind, CalendarReader]
    calendar_askers: Mapping[CalendarKind, CalendarAsker]
    calendar_accounts: Mapping[CalendarKind, CalendarAccountClient]
    calendar_watchers: Mapping[CalendarKind, CalendarWatcher]
    watch_renewers: Mapping[CalendarKind, WatchRenewer]
    calendar_writers: Mapping[CalendarKind, CalendarWriter]
    entry_texts: EntryTexts
    webhook_bodies: WebhookBodies
    webhook_sender: WebhookSender
    clock: Clock
    ids: Ids
    jitter: Callable[[], float]
    link_wait: timedelta = timedelta(seconds=60)
    retention: timedelta | None = None
    calendar_timings: CalendarTimings = DEFAULT_TIMINGS
    calendar_notices: Mapping[CalendarKind, CalendarNotices] = field(
        default_factory=dict[CalendarKind, CalendarNotices]
    )
    notice_addresses: Mapping[CalendarKind, NoticeAddress] = field(default_factory=dict[CalendarKind, NoticeAddress])
    notifications: Mapping[Provider, ProviderNotifications] = field(
        default_factory=dict[Provider, ProviderNotifications]
    )
    support: SupportDesk | None = None
    relying_party: RelyingParty | None = None
    sign_up_open: bool = True


class App:
    """All use cases, ready to be called."""

    def __init__(self, ports: Ports) -> None:  # noqa: PLR0915 - a list, and no logic
        begin, views, clock, ids = ports.begin, ports.views, ports.clock, ports.ids
        self.now = clock
        self.configured = frozenset(ports.providers)
        self.take_metrics_snapshot = TakeMetricsSnapshot(views, clock)
        self.link_wait = ports.link_wait
        apply = ApplyDecision(ports.link_wait, RecordBookingEvents(ports.webhook_bodies))

        passwords, sessions = ports.passwords, ports.sessions
        self.spend = spend = SpendBudget(ports.limiter, clock)
        check_password = CheckPassword(ports.blocklist)
        prove = ProvePassword(begin, passwords, ports.devices, spend, clock)
        self.confirm_identity = confirm = ConfirmIdentity(begin, prove, clock)
        self.ask_for_mail = AskForMail(begin, ports.devices, spend, clock, ids)
        self.create_account = CreateAccount(begin, check_password, passwords, clock, ids)
        start_session = StartSession(begin, sessions, ports.devices, clock)
        self.sign_up = SignUp(
            begin, check_password, passwords, self.ask_for_mail, spend, start_session, clock, ids, ports.sign_up_open
        )
        self.identify_session = IdentifySession(sessions, clock)
        self.identify_token = IdentifyToken(ports.bearer_tokens, clock)
        self.sign_out = SignOut(sessions)
        self.sign_in = SignIn(prove, start_session)
        self.list_sessions = ListSessions(sessions, clock)
        self.end_session = EndSession(begin, clock)
        self.list_security_events = ListSecurityEvents(begin, clock)
        self.disown = Disown(begin, sessions, clock, ids)
        self.sign_out_everywhere = SignOutEverywhere(begin, clock)
        self.change_password = ChangePassword(begin, check_password, passwords, prove, start_session, clock, ids)
        self.send_confirmation = SendConfirmation(begin, spend, clock, ids)
        self.change_email = ChangeEmail(begin, confirm, spend, clock, ids)
        self.confirm_email = ConfirmEmail(begin, clock, ids)
        self.show_profile = ShowProfile(begin)
        self.edit_profile = EditProfile(begin, views, spend, clock, ids)
        self.set_picture = SetPicture(begin, ports.drawing, spend)
        self.remove_picture = RemovePicture(begin)
        self.show_picture = ShowPicture(begin)
        self.issue_api_token = IssueApiToken(begin, confirm, spend, clock, ids)
        self.list_api_tokens = ListApiTokens(begin)
        self.revoke_api_token = RevokeApiToken(begin, clock)
        self.export_data = ExportData(begin, views, sessions, spend, clock)
        party = ports.relying_party
        self.offers_passkeys = party is not None
        prove_passkey = ProvePasskey(begin, party, clock, ids)
        self.sign_in_with_passkey = SignInWithPasskey(prove_passkey, start_session)
        self.confirm_with_passkey = ConfirmWithPasskey(begin, prove_passkey, clock)
        self.list_passkeys = ListPasskeys(begin)
        self.begin_adding_passkey = BeginAddingPasskey(begin, confirm, party, clock, ids)
        self.add_passkey = AddPasskey(begin, party, clock, ids)
        self.rename_passkey = RenamePasskey(begin)
        self.remove_passkey = RemovePasskey(begin, confirm, clock, ids)
        self.ask_support = AskSupport(begin, ports.support, spend, clock, ids)
        self.write_to_support = WriteToSupport(begin, ports.support, spend, clock)
        self.show_support_thread = ShowSupportThread(begin)
        self.watch_support_thread = WatchSupportThread(begin, ports.changes)
        self.show_support_desk = ShowSupportDesk(begin, ports.support, clock)
        self.answer_support = AnswerSupport(begin, ports.support, clock)
        self.close_support_thread = CloseSupportThread(begin, ports.support, clock)
        close_account = CloseAccount(begin, views, clock, ids)
        self.delete_account = DeleteAccount(begin, views, confirm, close_account, clock)
        self.delete_account_of = DeleteAccountOf(close_account)
        self.list_accounts = ListAccounts(views, clock)

        self.show_suppression = ShowSuppression(begin)
        self.unsubscribe = Unsubscribe(begin, self.show_suppression, clock)
        self.resubscribe = Resubscribe(begin, self.show_suppression)

        self.list_pages = ListPages(views)
        self.show_page = ShowPage(views)
        self.show_event_type = ShowEventType(self.show_page)
        self.list_schedules = ListSchedules(views)
        self.show_schedule = ShowSchedule(views)
        check_holidays = CheckHolidays(ports.public_holidays)
        self.show_holidays = ShowHolidays(ports.public_holidays, clock)
        self.name_holidays = NameHolidays(ports.public_holidays)
        self.create_schedule = CreateSchedule(begin, check_holidays, ids)
        self.change_schedule = ChangeSchedule(begin, check_holidays)
        self.remove_schedule = RemoveSchedule(begin, views)
        find_overlaps = FindOverlaps(clock, apply)
        follow = FollowPage(find_overlaps, clock)
        self.writable_calendars = writable = frozenset(ports.calendar_writers)
        self.create_page = CreatePage(begin, views, views, views, ids, writable, check_holidays, follow)
        self.change_page = ChangePage(begin, views, views, writable, check_holidays, follow)
        self.rewrite_page = RewritePage(begin, views, views, ids, writable, check_holidays, follow)
        self.use_provider_on_pages = UseProviderOnPages(begin)
        self.duplicate_page = DuplicatePage(begin, views, views, clock, ids, follow)
        self.remove_page = RemovePage(begin)
        self.make_booking_link = MakeBookingLink(begin, clock, ids)
        self.list_booking_links = ListBookingLinks(begin, clock)
        self.remove_booking_link = RemoveBookingLink(begin, clock)
        self.check_booking_link = CheckBookingLink(begin, clock)
        self.add_event_type = AddEventType(begin, ids)
        self.change_event_type = ChangeEventType(begin)
        self.remove_event_type = RemoveEventType(begin)

        authorize = Authorize(ports.authorizations, clock, ids)
        find_relying = FindRelying(ports.calendar_accounts)
        enter = EnterAccount(authorize, GiveBack(begin, find_relying, clock))
        self.start_connecting = StartConnecting(ports.providers, authorize)
        self.finish_connecting = FinishConnecting(begin, ports.providers, enter, clock)
        self.preview_disconnect = PreviewDisconnect(begin, views, ports.providers, find_relying, clock)
        self.disconnect_provider = DisconnectProvider(begin, ports.providers, find_relying, clock)
        deauthorize = Deauthorize(begin, clock)
        self.receive_notification = ReceiveNotification(ports.notifications, deauthorize)
        self.show_provider_statuses = ShowProviderStatuses(views, self.configured)
        self.show_connections = ShowConnections(views, ports.providers, clock)
        self.schedule_refreshes = ScheduleRefreshes(begin, views, self.configured, clock, ports.jitter)

        readers = ports.calendar_readers
        use_account = UseCalendarAccount(begin, readers, ports.calendar_accounts, clock)
        end_watches = EndWatches(ports.calendar_watchers, ports.calendar_accounts, clock)
        watch_calendar = WatchCalendar(
            use_account,
            ports.calendar_watchers,
            ports.watch_renewers,
            ports.notice_addresses,
            end_watches,
            clock,
            ids,
            Backoff(clock, ports.jitter),
        )
        pushing = ports.calendar_watchers.keys() & ports.notice_addresses.keys()
        entries = LookAfterEntries(ports.calendar_writers, use_account, clock, apply)
        read_calendar = ReadCalendar(
            use_account, entries, find_overlaps, clock, ports.jitter, ports.calendar_timings, spend, pushing
        )
        self.receive_calendar_notices = ReceiveCalendarNotices(begin, ports.calendar_notices, clock)
        self.show_calendars = ShowCalendars(views)
        self.show_next_times = ShowNextTimes(begin, views, clock)
        admit_account = AdmitAccount(begin, views, spend)
        self.keep_account = keep_account = KeepAccount(begin, clock, ids, ports.calendar_timings)
        self.look_into_account = look_into_account = LookIntoAccount(readers, views, begin, clock)
        self.connect_feed = ConnectFeed(begin, admit_account, readers["ical_feed"], keep_account, clock)
        self.calendar_accounts = frozenset(ports.calendar_accounts)
        self.start_connecting_calendars = StartConnectingCalendars(ports.calendar_accounts, views, authorize)
        self.finish_connecting_calendars = FinishConnectingCalendars(
            ports.calendar_accounts,
            views,
            views,
            enter,
            admit_account,
            look_into_account,
            keep_account,
        )
        self.connect_caldav = ConnectCaldav(views, admit_account, look_into_account, keep_account)
        self.freshen_calendars = FreshenCalendars(begin, clock, ports.calendar_timings)
        self.read_calendar_now = ReadCalendarNow(begin, views, read_calendar, spend)
        self.change_calendar_rules = ChangeCalendarRules(begin)
        self.disconnect_calendars = DisconnectCalendars(
            begin, views, ports.calendar_accounts, find_relying, end_watches, clock, find_overlaps
        )
        self.reset_password = ResetPassword(
            begin, check_password, passwords, spend, self.disconnect_calendars, clock, ids
        )

        availability = HostAvailability(views, self.configured, ports.public_holidays, clock)
        self.explain_time = ExplainTime(availability)
        self.list_slots = ListSlots(availability)
        self.open_event_type = OpenEventType(availability)
        ask_calendars = AskCalendars(
            begin, views, use_account, ports.calendar_askers, clock, ports.calendar_timings, spend
        )
        self.book = BookTime(begin, views, availability, ask_calendars, self.configured, spend, clock, ids, apply)
        find_submit = FindSubmit(views)
        self.change_once = ChangeOnce(find_submit)
        self.book_for_guest = BookForGuest(begin, availability, ask_calendars, self.book, find_submit, clock, apply)
        self.show_public_page = ShowPublicPage(views)
        self.list_public_pages = ListPublicPages(views)
        self.find_present_path = FindPresentPath(views, clock)
        self.show_booking = ShowBooking(views)
        self.watch_booking = WatchBooking(begin, ports.changes)
        self.show_guest_booking = ShowGuestBooking(views, views, clock)
        self.download_invite = DownloadInvite(self.show_guest_booking, ports.calendar_files)
        self.list_bookings = ListBookings(views, clock)
        self.export_bookings = ExportBookings(begin, views, spend, clock)
        links = ConfirmationLinks(ports.vault)
        self.confirm = ConfirmBooking(begin, views, availability, ask_calendars, self.configured, links, clock, apply)
        self.cancel = CancelBooking(begin, clock, apply)
        self.leave_booking = LeaveBooking(begin, clock, apply)
        self.reschedule = RescheduleBooking(begin, availability, ask_calendars, spend, clock, apply)
        proposals = Proposals(views, clock)
        self.propose_times = ProposeTimes(begin, availability, proposals, spend, clock, apply)
        self.take_proposed_time = TakeProposedTime(self.show_guest_booking, proposals, self.reschedule)
        self.erase_guest = EraseGuest(begin, clock, apply, ports.webhook_bodies)
        self.erase_old_guests = EraseOldGuests(begin, self.erase_guest, clock, ports.retention)
        self.retry_meeting = RetryMeeting(begin, spend, clock, apply)
        self.set_join_link = SetJoinLink(begin, spend, clock, apply)
        self.switch_meeting_type = SwitchMeetingType(begin, views, self.configured, spend, clock, apply)
        self.restore_entry = RestoreEntry(begin, clock, apply)
        self.accept_entry_change = AcceptEntryChange(begin, spend, clock, apply)
        self.resend = ResendMails(begin, spend, clock, apply)

        check_webhook = CheckWebhook(begin, ports.webhook_sender)
        record_past = RecordPast(begin, views, ports.webhook_bodies, clock)
        self.add_webhook = AddWebhook(begin, check_webhook, record_past, spend, clock, ids)
        self.show_webhooks = ShowWebhooks(begin)
        self.change_webhook = ChangeWebhook(begin, check_webhook, spend, clock)
        self.remove_webhook = RemoveWebhook(begin, clock)
        self.try_webhook = TryWebhook(begin, spend, clock, ids)
        self.rotate_webhook_secret = RotateSecret(begin, clock, ids)
        self.resume_webhook = ResumeWebhook(begin, clock)
        self.recover_webhook = RecoverWebhook(begin, spend, clock)
        self.show_deliveries = ShowDeliveries(begin)
        self.retry_delivery = RetryDelivery(begin, self.show_deliveries, spend, clock)
        self.list_webhook_events = ListWebhookEvents(begin, record_past, clock)

        use_grant, backoff = UseGrant(begin, clock), Backoff(clock, ports.jitter)
        mailer, stop = ports.mailer, UnsubscribeLinks(ports.unsubscribe_tokens)
        leaving = LeaveLinks(ports.leave_tokens)
        mail_visitor = MailVisitor(stop, mailer, clock, backoff)
        self.run_job = JobRunner(
            begin,
            {
                CreateMeetingJob: CreateMeeting(
                    begin, views, ports.providers, ports.providers, use_grant, clock, backoff, apply
                ),
                StopWaitingJob: StopWaiting(clock, apply),
                WriteEntryJob: WriteEntry(
                    ports.calendar_writers, ports.entry_texts, use_account, clock, backoff, apply
                ),
                MailBookingJob: MailBooking(
                    views, stop, leaving, mailer, spend, clock, apply, backoff, coalesces=ports.limiter is not None
                ),
                TellGuestLeftJob: TellGuestLeft(mailer, backoff),
                AskToConfirmJob: AskToConfirm(links, stop, mailer, spend, clock, apply, backoff),
                ReleaseHoldJob: ReleaseHold(clock),
                RemindGuestJob: RemindGuest(views, stop, leaving, mailer, spend, clock, apply, backoff),
                MailProposalJob: MailProposal(proposals, views, stop, mailer, spend, clock, apply, backoff),
                RetryWaitingBookingsJob: RetryWaitingBookings(begin, clock, apply),
                TellRefusalJob: TellRefusal(begin, views, mailer, self.configured, backoff),
                TellConnectionJob: TellConnection(begin, mailer, backoff),
                KeepConnectionJob: KeepConnection(ports.providers, use_grant, clock, backoff),
                DeauthorizeJob: deauthorize.again,
                MailSupportJob: MailSupport(mailer, ports.support, backoff),
                AcknowledgeSupportJob: mail_visitor.receipt,
                MailAnswerJob: mail_visitor.answer,
                ReadCalendarJob: read_calendar,
                WatchCalendarJob: watch_calendar,
                FindOverlapsJob: find_overlaps.of_new_calendars,
                CheckOverlapsJob: find_overlaps.of_bookings,
                TellOverlapsJob: TellOverlaps(begin, views, views, mailer, clock, backoff),
                FollowEntriesJob: FollowEntries(begin, self.accept_entry_change, mailer, backoff),
                TellEntryLeftJob: TellEntryLeft(mailer, backoff),
                DeliverWebhooksJob: DeliverWebhooks(ports.webhook_sender, clock, ports.jitter),
                RecordPastJob: record_past.owed,
                TellWebhookJob: TellWebhook(mailer, backoff),
                TellCalendarsJob: TellCalendars(begin, views, views, mailer, clock, backoff),
                TellTokenExpiryJob: TellTokenExpiry(mailer, clock, backoff),
                MailAccountJob: MailAccount(mailer, clock, ids, backoff),
                DeleteAccountJob: FinishDeleting(
                    begin, views, self.cancel, self.disconnect_provider, self.disconnect_calendars, clock
                ),
            },
        )

"""Everything that TimeTuna can do, on one screen."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from application.accounts import EditProfile, IssueApiToken, SignIn, SignUp
from application.book import BookTime
from application.cancel import CancelBooking
from application.connect_provider import FinishConnecting, StartConnecting
from application.create_meeting import CreateMeeting
from application.deauthorize import Deauthorize
from application.disconnect_provider import DisconnectProvider
from application.edit_pages import (
    AddEventType,
    ChangeEventType,
    ChangePage,
    CreatePage,
    RemoveEventType,
    RemovePage,
    RewritePage,
)
from application.grants import UseGrant
from application.keep_connection import KeepConnection, OweKeeping
from application.list_slots import ListSlots
from application.notify import MailParty, StopWaiting
from application.ports.accounts import ApiTokens, Authorizations, Passwords, RateLimiter, Sessions
from application.ports.clock import Clock, Ids
from application.ports.mail import CalendarFiles, Mailer
from application.ports.notifications import ProviderNotifications
from application.ports.owed import Claim, JobName
from application.ports.provider import ConferenceProvider
from application.ports.storage import Begin
from application.ports.views import BookingChanges, Views
from application.preview_disconnect import PreviewDisconnect
from application.remind import RemindGuest
from application.reschedule import RescheduleBooking
from application.resend import ResendMails
from application.retry_meeting import RetryMeeting
from application.set_join_link import SetJoinLink
from application.show_connections import ShowConnections
from application.switch_meeting_type import SwitchMeetingType
from application.tell_connection import TellConnection
from application.tell_refusal import TellRefusal
from domain.connection import Provider

Job = Callable[[Claim], Awaitable[None]]


@dataclass(frozen=True)
class Ports:
    """What the use-cases are driven through; `chance` gives numbers in [0, 1) for jitter."""

    begin: Begin
    views: Views
    changes: BookingChanges
    sessions: Sessions
    api_tokens: ApiTokens
    authorizations: Authorizations
    limiter: RateLimiter
    passwords: Passwords
    mailer: Mailer
    calendar_files: CalendarFiles
    providers: Mapping[Provider, ConferenceProvider]
    clock: Clock
    ids: Ids
    chance: Callable[[], float]
    link_wait: timedelta = timedelta(seconds=60)
    notifications: Mapping[Provider, ProviderNotifications] = field(
        default_factory=dict[Provider, ProviderNotifications]
    )


class App:
    """All use-cases, ready to be called."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        begin, views, clock, ids = ports.begin, ports.views, ports.clock, ports.ids
        self.configured = frozenset(ports.providers)

        self.sign_up = SignUp(begin, ports.passwords, ids)
        self.sign_in = SignIn(begin, ports.passwords, ports.sessions, ports.limiter, clock)
        self.edit_profile = EditProfile(begin)
        self.issue_api_token = IssueApiToken(ports.api_tokens, clock)

        self.create_page = CreatePage(begin, ids)
        self.change_page = ChangePage(begin)
        self.rewrite_page = RewritePage(begin, ids)
        self.remove_page = RemovePage(begin)
        self.add_event_type = AddEventType(begin, ids)
        self.change_event_type = ChangeEventType(begin)
        self.remove_event_type = RemoveEventType(begin)

        self.start_connecting = StartConnecting(ports.providers, ports.authorizations, clock, ids)
        self.finish_connecting = FinishConnecting(begin, ports.providers, ports.authorizations, clock)
        self.preview_disconnect = PreviewDisconnect(views, self.configured, clock)
        self.disconnect_provider = DisconnectProvider(begin, ports.providers, clock)
        self.deauthorize = Deauthorize(begin, ports.notifications, clock)
        self.show_connections = ShowConnections(views, clock)
        self.owe_keeping = OweKeeping(begin, views, self.configured, clock, ports.chance)

        self.list_slots = ListSlots(views, clock)
        self.book = BookTime(begin, views, self.configured, clock, ids, ports.link_wait)
        self.cancel = CancelBooking(begin, clock, ports.link_wait)
        self.reschedule = RescheduleBooking(begin, views, clock, ports.link_wait)
        self.retry_meeting = RetryMeeting(begin, clock)
        self.set_join_link = SetJoinLink(begin, clock)
        self.switch_meeting_type = SwitchMeetingType(begin, views, self.configured, clock)
        self.resend = ResendMails(begin, clock)

        use_grant = UseGrant(begin, clock)
        create = CreateMeeting(begin, ports.providers, use_grant, clock, ports.chance, ports.link_wait)
        self.jobs: Mapping[JobName, Job] = {
            "create_meeting": create,
            "stop_waiting": StopWaiting(begin, clock, ports.link_wait),
            "mail_guest": MailParty("guest", begin, views, ports.mailer, clock, ports.chance),
            "mail_host": MailParty("host", begin, views, ports.mailer, clock, ports.chance),
            "remind_guest": RemindGuest(begin, views, ports.mailer, clock, ports.chance),
            "tell_refusal": TellRefusal(begin, views, ports.mailer, self.configured, clock, ports.chance),
            "tell_connection": TellConnection(begin, ports.mailer, clock, ports.chance),
            "keep_connection": KeepConnection(begin, ports.providers, use_grant, clock, ports.chance),
            "deauthorize": self.deauthorize.again,
        }

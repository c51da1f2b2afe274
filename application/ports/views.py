"""The read side as a whole."""

from typing import Protocol

from application.ports.account_summaries import AccountSummaries
from application.ports.booking_views import GuestBookingViews
from application.ports.host_views import HostViews
from application.ports.idle_connections import IdleConnections
from application.ports.mailed_revisions import MailedRevisions
from application.ports.metrics_snapshot import MetricsSnapshots
from application.ports.offers import Offers
from application.ports.public_pages import PublicPages


class Views(
    Offers,
    PublicPages,
    GuestBookingViews,
    HostViews,
    AccountSummaries,
    MailedRevisions,
    IdleConnections,
    MetricsSnapshots,
    Protocol,
):
    """All that is asked of a store without changing it.

    Only the composition names it; a use case names the part that it reads.
    """

"""Comparison of an offer with what it was read from."""

from datetime import datetime

from adapters.memory.state import Tables
from application.ports.admission import Basis
from application.ports.offers import OfferMark
from domain.ids import PageId


def mark_of(page_id: PageId, tables: Tables) -> OfferMark | None:
    """The offer's mark as of now; None for a page that is gone."""
    page = tables.pages.get(page_id)
    if page is None:
        return None
    stored = tables.hosts[page.host_id]
    statuses = {key: connection.status for key, (connection, _) in tables.connections.items() if key[0] == page.host_id}
    listened = tables.records_events.get(page.host_id, False)
    return OfferMark((stored.host, stored.email_confirmed_at, listened, page, statuses))


def is_as_offered(basis: Basis, page_id: PageId, tables: Tables, now: datetime) -> bool:
    return basis.mark == mark_of(page_id, tables) and not _is_used_up(basis, page_id, tables, now)


def _is_used_up(basis: Basis, page_id: PageId, tables: Tables, now: datetime) -> bool:
    if basis.scarce is None or basis.first_kept is None:
        return False
    stored = tables.connections.get((tables.pages[page_id].host_id, basis.scarce))
    return stored is not None and stored[0].meetings_today(now) >= basis.first_kept

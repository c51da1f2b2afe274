"""The form of a new API token: what it may do, and until when."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.sentences.scopes import scope_words
from application.accounts.api_tokens import NewApiToken
from domain.api_token import SCOPES, GrantedScope
from domain.faults import Malformed, Required
from domain.instants import is_in_calendar, outside_calendar

_A_DAY = timedelta(days=1)
_DAYS = (30, 90, 365)
_ON_A_DAY = "date"

_OFFERED: tuple[GrantedScope, ...] = (*SCOPES, "*")
_SCOPES: dict[str, GrantedScope] = {each: each for each in _OFFERED}


class ScopeChoice(msgspec.Struct, frozen=True):
    """A scope that can be ticked, and what it allows."""

    scope: GrantedScope
    words: str


class ExpiryChoice(msgspec.Struct, frozen=True):
    """When a token can be let expire; `value` is the field's."""

    value: str
    words: str


class TokenForm(msgspec.Struct, frozen=True):
    """The fields as typed.

    Attributes:
        expires: a number of days, `date`, or anything else for never.
        last_day: an ISO 8601 date, for `date`.
    """

    name: str = ""
    scopes: tuple[GrantedScope, ...] = ()
    expires: str = "90"
    last_day: str = ""

    @classmethod
    def typed(cls, form: Form) -> "TokenForm":
        scopes: tuple[GrantedScope, ...] = tuple(_SCOPES[each] for each in form.all("scopes") if each in _SCOPES)
        return cls(form.text("name"), scopes, form.text("expires"), form.text("expires_at"))

    def wanted(self, now: datetime, zone: str, errors: Errors) -> NewApiToken:
        return NewApiToken(self.name, self.scopes, self._expiry(now, zone, errors))

    def _expiry(self, now: datetime, zone: str, errors: Errors) -> datetime | None:
        if self.expires in map(str, _DAYS):
            return now + int(self.expires) * _A_DAY
        if self.expires != _ON_A_DAY:
            return None
        try:
            last_day = date.fromisoformat(self.last_day)
        except ValueError:
            errors.note("expires_at", Malformed("date") if self.last_day else Required())
            return None
        if not is_in_calendar(last_day):
            errors.note("expires_at", outside_calendar())
            return None
        return datetime.combine(last_day + _A_DAY, time(), ZoneInfo(zone)).astimezone(UTC)


def scope_choices() -> tuple[ScopeChoice, ...]:
    return tuple(ScopeChoice(each, scope_words(each)) for each in _OFFERED)


def expiry_choices() -> tuple[ExpiryChoice, ...]:
    days = [ExpiryChoice(str(n), ngettext("In {n} day", "In {n} days", n).format(n=n)) for n in _DAYS]
    return (*days, ExpiryChoice(_ON_A_DAY, _("After a day of your choice")), ExpiryChoice("never", _("Never")))

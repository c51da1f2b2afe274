"""Change who a host is: name, address, handle, time zone, language."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.accounts.ask_for_mail import ask_new_address, confirmation_for
from application.actor import HostActor
from application.effects import calendars_outdated, carry_out
from application.people import email_address, language_tag, person_name, time_zone
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Taken
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.budgets import NEW_HANDLES
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import AlreadyUsed
from domain.host import HANDLE_KEPT_FOR, Host, handle


class ProfileEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a host changes about themselves; what is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType = msgspec.UNSET
    handle: str | msgspec.UnsetType = msgspec.UNSET
    timezone: str | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET


class Profile(msgspec.Struct, frozen=True):
    """A host, and when it was proven that mail reaches them; None: not yet."""

    host: Host
    email_confirmed_at: datetime | None


@dataclass(frozen=True)
class ShowProfile:
    begin: Begin

    async def __call__(self, actor: HostActor) -> Profile:
        """Raises Forbidden, and NotFound where the account is gone."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            account = await uow.accounts.get(host_id)
        if account is None:
            raise NotFound("account")
        return Profile(account.host, account.email_confirmed_at)


@dataclass(frozen=True)
class EditProfile:
    begin: Begin
    calendars: HostCalendars
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, edit: ProfileEdit) -> Host:
        """Change the profile.

        A new time zone counts for future bookings only; calendars are read anew in it. A former handle leads to the new
        one for 90 days, and nobody else can take it until then. A new email address is asked by mail, whether somebody
        else has it or not; what is returned has the one that counts until it has answered.

        Raises:
            Forbidden
            InvalidInput: names the field.
            NotFound: the account is gone.
            TooManyRequests: five new handles a day are enough, and five new addresses an hour.
        """
        host_id = actor.require("account:write")
        await self._count(actor, edit)
        calendars = await self.calendars.calendars(host_id) if isinstance(edit.timezone, str) else []
        try:
            async with self.begin() as uow:
                host = await uow.hosts.lock(host_id)
                if host is None:
                    raise NotFound("account")
                changed, email = _edited(host, edit)
                if changed.handle != host.handle:
                    await _move(uow, host, changed.handle, self.clock())
                if email is not None:
                    ask_new_address(uow, host, email, actor.origin, self.ids, self.clock())
                if changed.timezone != host.timezone:
                    carry_out(uow, calendars_outdated((each.id for each in calendars), self.clock()))
                uow.hosts.save(changed)
        except Taken as taken:
            raise InvalidInput.at(taken.field, AlreadyUsed()) from taken
        return changed

    async def _count(self, actor: HostActor, edit: ProfileEdit) -> None:
        """Each new address is mailed to, whoever's it is."""
        host_id = actor.host_id
        if isinstance(edit.handle, msgspec.UnsetType) and isinstance(edit.email, msgspec.UnsetType):
            return
        async with self.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is None:
            raise NotFound("account")
        changed, email = _edited(host, edit)
        asked = () if email is None else confirmation_for(host_id, email, actor.origin)
        moves = () if changed.handle == host.handle else (NEW_HANDLES.of(host_id),)
        await self.spend(*asked, *moves)


async def _move(uow: UnitOfWork, host: Host, to: str, now: datetime) -> None:
    # In the order of the alphabet, so that two who swap don't wait in a circle.
    kept = {each: await uow.hosts.lock_handle(each, now) for each in sorted((host.handle, to))}
    former = kept[to]
    if former is not None and former.host_id != host.id:
        raise Taken("handle")
    uow.hosts.leave_handle(host.id, host.handle, now + HANDLE_KEPT_FOR)


def _edited(host: Host, edit: ProfileEdit) -> tuple[Host, str | None]:
    """The host as the edit wants it, but for the email address, and the new address if there is one.

    Raises:
        InvalidInput: all that is wrong with the edit.
    """
    checks, changes, email = Checks(), dict[str, str](), None
    if isinstance(edit.name, str):
        changes["name"] = checks.run("", person_name, edit.name, "name")
    if isinstance(edit.email, str):
        email = checks.run(None, email_address, edit.email, "email")
    if isinstance(edit.handle, str):
        wished = edit.handle.strip().lower()
        # A word that was reserved after somebody had it stays theirs.
        changes["handle"] = wished if wished == host.handle else checks.run("", handle, wished)
    if isinstance(edit.timezone, str):
        checks.run(None, time_zone, edit.timezone, "timezone")
        changes["timezone"] = edit.timezone
    if isinstance(edit.language, str):
        changes["language"] = checks.run("", language_tag, edit.language, "language")
    checks.done()
    is_new = email is not None and email.lower() != host.email.lower()
    return msgspec.structs.replace(host, **changes), email if is_new else None

"""Meeting types as chosen in the editor, with their order and details.

The page has such a list, and every event type that doesn't take the page's has one of its own.
"""

from collections.abc import Sequence
from typing import get_args

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.rows import moved
from application.pages.page_checks import place
from application.people import phone_number
from domain.meeting_type import InPerson, MeetingType, MeetingTypeName, Phone, name_of, online_type

NAMES: tuple[MeetingTypeName, ...] = get_args(MeetingTypeName)


_NO_BACKUP: frozenset[MeetingTypeName] = frozenset({"in_person"})
"""What isn't proposed as a backup: nobody who asked for a video call has agreed to travel."""


class TypesForm(msgspec.Struct, frozen=True):
    """Fields are named after `prefix`: `order`, `on`, `backup`, `caller`, `number`, `address`.

    `order` has every type once; `backups` has those that are off as they are proposed once they are on.
    """

    order: tuple[MeetingTypeName, ...]
    on: frozenset[str]
    backups: frozenset[str]
    caller: str = "host"
    number: str = ""
    address: str = ""

    @classmethod
    def of(cls, meeting_types: tuple[MeetingType, ...]) -> "TypesForm":
        types = {name_of(each): each for each in meeting_types}
        phone, in_person = types.get("phone"), types.get("in_person")
        return cls(
            order=_all_in_order(list(types)),
            on=frozenset(types),
            backups=frozenset(
                name for name in NAMES if (types[name].backup if name in types else name not in _NO_BACKUP)
            ),
            caller=phone.caller if isinstance(phone, Phone) else "host",
            number=(phone.number or "") if isinstance(phone, Phone) else "",
            address=in_person.address if isinstance(in_person, InPerson) else "",
        )

    @classmethod
    def sent(cls, form: Form, prefix: str) -> "TypesForm":
        return cls(
            order=_all_in_order(form.all(f"{prefix}order")),
            on=frozenset(form.all(f"{prefix}on")) & frozenset(NAMES),
            backups=frozenset(form.all(f"{prefix}backup")) & frozenset(NAMES),
            caller="guest" if form.text(f"{prefix}caller") == "guest" else "host",
            number=form.text(f"{prefix}number"),
            address=form.text(f"{prefix}address"),
        )

    @property
    def switched_on(self) -> tuple[MeetingTypeName, ...]:
        return tuple(name for name in self.order if name in self.on)

    @property
    def fallen_back_to(self) -> tuple[MeetingTypeName, ...]:
        """The backups that are on, in order."""
        return tuple(name for name in self.switched_on if name in self.backups)

    def with_moved(self, name: str, by: int) -> "TypesForm":
        """One type so many places further down."""
        place = self.order.index(name) if name in self.order else -1
        return msgspec.structs.replace(self, order=moved(self.order, place, by))

    def checked(self, prefix: str, errors: Errors) -> tuple[MeetingType, ...]:
        """What is on, as it can be saved; what is wrong is left out and among the errors."""
        made = {name: self._checked(name, prefix, errors) for name in self.switched_on}
        return tuple(
            msgspec.structs.replace(each, backup=name in self.backups)
            for name, each in made.items()
            if each is not None
        )

    def _checked(self, name: MeetingTypeName, prefix: str, errors: Errors) -> MeetingType | None:
        if name == "phone":
            if self.caller == "host":
                return Phone("host")
            errors.check(lambda: phone_number(self.number, f"{prefix}number"))
            return Phone("guest", self.number) if f"{prefix}number" not in errors else None
        if name == "in_person":
            errors.check(lambda: place(self.address, f"{prefix}address"))
            return InPerson(self.address) if f"{prefix}address" not in errors else None
        return online_type(name)


def _all_in_order(names: Sequence[str]) -> tuple[MeetingTypeName, ...]:
    """Every meeting type once: first those named, in their order, then the others."""
    known = {each: index for index, each in enumerate(dict.fromkeys(names))}
    return tuple(sorted(NAMES, key=lambda name: known.get(name, len(known) + NAMES.index(name))))

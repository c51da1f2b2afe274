"""What is a host told when any provider says no, or nothing? Each sentence says what happened and what to do next."""

from typing import Final

import msgspec

from adapters.presentation.language import marked

_UNREACHABLE: Final = marked(
    "{name} can’t be reached at the moment. This usually passes within minutes; your connection is kept."
)
_SLOW: Final = marked("{name} took too long to answer. This usually passes within minutes; your connection is kept.")
_BROKEN: Final = marked(
    "{name} has a problem of its own at the moment. This usually passes within minutes; your connection is kept."
)
_BUSY: Final = marked(
    "{name} gets more requests than it takes at the moment. This passes by itself; your connection is kept."
)
_UNINTELLIGIBLE: Final = marked(
    "{name}’s answer made no sense this time. This usually passes by itself; your connection is kept."
)
_EXPIRED: Final = marked(
    "{name}’s permission has to be renewed. This happens by itself; if it goes on, reconnect {name}."
)
_DEAD: Final = marked("{name} no longer accepts this connection. Please reconnect {name}.")
_CODE_REFUSED: Final = marked(
    "{name} didn’t accept the way back to us: it may have taken too long, or was used already. Please connect again."
)
_NOT_UNDERSTOOD: Final = marked(
    "{name} didn’t accept what TimeTuna sent. That is our mistake, not yours; please tell whoever runs this server."
)
_MISCONFIGURED: Final = marked(
    "This server’s settings for {name} are wrong. Your connection is kept; please tell whoever runs this server."
)


class Words(msgspec.Struct, frozen=True):
    """The failures that every provider has, said with its `name`."""

    name: str

    @property
    def unreachable(self) -> str:
        return self._said(_UNREACHABLE)

    @property
    def slow(self) -> str:
        return self._said(_SLOW)

    @property
    def broken(self) -> str:
        return self._said(_BROKEN)

    @property
    def busy(self) -> str:
        return self._said(_BUSY)

    @property
    def unintelligible(self) -> str:
        return self._said(_UNINTELLIGIBLE)

    @property
    def expired(self) -> str:
        return self._said(_EXPIRED)

    @property
    def dead(self) -> str:
        return self._said(_DEAD)

    @property
    def code_refused(self) -> str:
        return self._said(_CODE_REFUSED)

    @property
    def not_understood(self) -> str:
        return self._said(_NOT_UNDERSTOOD)

    @property
    def misconfigured(self) -> str:
        return self._said(_MISCONFIGURED)

    def _said(self, template: str) -> str:
        return template.format(name=self.name)

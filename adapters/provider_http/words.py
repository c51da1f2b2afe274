"""What is a host told when any provider says no, or nothing? Each sentence says what happened and what to do next."""

from typing import Final

import msgspec

_PASSES: Final = "This usually passes within minutes; your connection is kept."


class Words(msgspec.Struct, frozen=True):
    """The failures that every provider has, said with its `name`."""

    name: str

    @property
    def unreachable(self) -> str:
        return f"{self.name} can't be reached at the moment. {_PASSES}"

    @property
    def slow(self) -> str:
        return f"{self.name} took too long to answer. {_PASSES}"

    @property
    def broken(self) -> str:
        return f"{self.name} has a problem of its own at the moment. {_PASSES}"

    @property
    def busy(self) -> str:
        return (
            f"{self.name} gets more requests than it takes at the moment. This passes by itself; your connection is"
            " kept."
        )

    @property
    def unintelligible(self) -> str:
        return f"{self.name}'s answer made no sense this time. This usually passes by itself; your connection is kept."

    @property
    def expired(self) -> str:
        return (
            f"{self.name}'s permission has to be renewed. This happens by itself; if it goes on, reconnect {self.name}."
        )

    @property
    def dead(self) -> str:
        return f"{self.name} no longer accepts this connection. Please reconnect {self.name}."

    @property
    def code_refused(self) -> str:
        return (
            f"{self.name} didn't accept the way back to us: it may have taken too long, or was used already. Please"
            " connect again."
        )

    @property
    def not_understood(self) -> str:
        return (
            f"{self.name} didn't accept what TimeTuna sent. That is our mistake, not yours; please tell whoever runs"
            " this server."
        )

    @property
    def misconfigured(self) -> str:
        return (
            f"This server's settings for {self.name} are wrong. Your connection is kept; please tell whoever runs"
            " this server."
        )

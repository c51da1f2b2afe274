"""What keeps a unit of work from being stored, whatever it is about."""


class Conflict(Exception):
    """What was to be saved has been changed or removed since it was read; nothing was stored."""


class Busy(Exception):
    """Somebody else has held what this unit needs for longer than it can wait; nothing was changed."""


class Taken(Exception):
    """What has to be unique belongs to somebody; `field` is `email`, `handle`, `slug`, `name` or `passkey`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

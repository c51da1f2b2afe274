"""What ends a command with words for the operator."""


class CommandError(Exception):
    """A command can't do its work; its words are all that the operator needs, a traceback would hide them."""

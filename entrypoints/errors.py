"""Errors that end a command with words for the operator."""


class CommandError(Exception):
    """A command can't do its work; its words are all that the operator needs, a traceback would hide them."""


def reason_of(error: Exception) -> str:
    """Why a process can't start. What a library says of a setting that it can't read may quote a password."""
    return "a setting can’t be used" if isinstance(error, ValueError) else str(error)

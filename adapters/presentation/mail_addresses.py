"""Email addresses that people can click on."""

from urllib.parse import quote


def mailto(email: str) -> str:
    """The address that opens a mail to them, and to nobody else (RFC 6068).

    A stranger's address may have a question mark in it: unquoted, what follows would add recipients and words.
    """
    return f"mailto:{quote(email, safe='@+')}"

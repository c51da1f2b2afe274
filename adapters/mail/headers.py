"""Headers of a mail, folded by us so that no version of Python changes a byte.

Python's own folding moves a long name behind an empty first line, which filters take for a forgery, and writes encoded
words longer than RFC 2047 allows.
"""

from email.header import Header
from email.headerregistry import Address

from adapters.mail.inert import inert
from domain.text import one_line

_FOLD = "\r\n "
_WIDTH = 76


def address_header(header: str, name: str, address: str) -> str:
    """One person's name and address; `address` is checked by whoever calls."""
    shown = _one_line_header_text(name)
    if shown.isascii():
        written = str(Address(display_name=shown, addr_spec=address))
        before, _, angle_address = written.rpartition(" ")
        if not before or len(f"{header}: {written}") <= _WIDTH:
            return f"{header}: {written}\r\n"
        return f"{header}: {before}{_FOLD}{angle_address}\r\n"
    words = _encoded(header, shown)
    last_line = words.rpartition(_FOLD)[2]
    separator = " " if len(f"{header}: {last_line} <{address}>") <= _WIDTH else _FOLD
    return f"{header}: {words}{separator}<{address}>\r\n"


def text_header(header: str, text: str) -> str:
    shown = _one_line_header_text(text)
    return f"{header}: {shown if shown.isascii() else _encoded(header, shown)}\r\n"


def list_header(header: str, *tokens: str) -> str:
    return f"{header}: {_FOLD.join(tokens)}\r\n"


def _one_line_header_text(text: str) -> str:
    # What looks like an encoded word would be decoded by readers, line breaks and all.
    return inert(one_line(text, 500).replace("=?", "= ?"))


def _encoded(header: str, text: str) -> str:
    return Header(text, "utf-8", maxlinelen=_WIDTH, header_name=header).encode(linesep="\r\n")

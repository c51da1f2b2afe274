"""Reads the XML that WebDAV servers answer with, within bounds."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import msgspec

DAV: Final = "{DAV:}"
CALDAV: Final = "{urn:ietf:params:xml:ns:caldav}"
CALENDAR_SERVER: Final = "{http://calendarserver.org/ns/}"

_CODE: Final = re.compile("[1-5][0-9][0-9]")

_DEEPEST: Final = 30
_MOST_ELEMENTS: Final = 500_000

_OK: Final = 200


class NotMultistatus(ValueError):
    """The bytes aren't a whole answer of a WebDAV server."""


class DavResource(msgspec.Struct, frozen=True):
    """What an answer says about one resource.

    Attributes:
        href: as it came.
        status: of the resource as a whole.
        properties: those that it has, by qualified name.
        refused: the status of those that it has not, or that weren't told.
    """

    href: str
    status: int
    properties: dict[str, Element]
    refused: dict[str, int]

    def text(self, name: str) -> str:
        """A property's text; empty where it has none."""
        found = self.properties.get(name)
        return "" if found is None else (found.text or "").strip()

    def has(self, name: str, child: str) -> bool:
        """Whether a property holds an element."""
        found = self.properties.get(name)
        return found is not None and found.find(child) is not None

    def hrefs(self, name: str) -> list[str]:
        """The addresses in a property."""
        found = self.properties.get(name)
        return [] if found is None else [each.text.strip() for each in found.findall(f"{DAV}href") if each.text]


def multistatus(body: bytes) -> list[DavResource]:
    """Read an answer with status 207 (RFC 4918, 13).

    Raises:
        NotMultistatus: HTML, half an answer, or XML that is made to use up time or memory.
    """
    root = _parsed(body)
    if root.tag != f"{DAV}multistatus":
        raise NotMultistatus
    return [resource for response in root.findall(f"{DAV}response") for resource in _resources(response)]


def _resources(response: Element) -> Iterator[DavResource]:
    status = _status(response) or _OK
    properties: dict[str, Element] = {}
    refused: dict[str, int] = {}
    for propstat in response.findall(f"{DAV}propstat"):
        of_these = _status(propstat) or 0
        for each in propstat.iterfind(f"{DAV}prop/*"):
            if of_these == _OK:
                properties[each.tag] = each
            else:
                refused[each.tag] = of_these
    for href in response.findall(f"{DAV}href"):
        yield DavResource((href.text or "").strip(), status, properties, refused)


def _status(element: Element) -> int | None:
    """The code in "HTTP/1.1 404 Not Found"."""
    parts = (element.findtext(f"{DAV}status") or "").split()
    return int(parts[1]) if len(parts) > 1 and _CODE.fullmatch(parts[1]) else None


def _parsed(body: bytes) -> Element:
    """Parse without what no WebDAV server needs: document types, and with them entities, have no limits."""
    builder, depth, count = TreeBuilder(), 0, 0
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise NotMultistatus
        builder.start(_qualified(name), attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_qualified(name))

    def refuse(*_: object) -> None:
        raise NotMultistatus

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NotMultistatus from error
    return builder.close()


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name

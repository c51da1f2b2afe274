"""Reading the XML of WebDAV servers, also of such as nobody should read."""

import pytest

from adapters.caldav.multistatus import CALDAV, DAV, NotMultistatus, multistatus

HEAD = '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'


def answer(*responses: str) -> bytes:
    return f"{HEAD}{''.join(f'<d:response>{each}</d:response>' for each in responses)}</d:multistatus>".encode()


def propstat(properties: str, status: str = "HTTP/1.1 200 OK") -> str:
    return f"<d:propstat><d:prop>{properties}</d:prop><d:status>{status}</d:status></d:propstat>"


def test_each_resource_has_what_it_was_given_and_a_reason_for_what_it_was_not() -> None:
    has, lacks = propstat("<d:displayname> Work </d:displayname>"), propstat("<c:calendar-data/>", "HTTP/1.1 404 No")

    [found] = multistatus(answer(f"<d:href> /work/ </d:href>{has}{lacks}"))

    assert ("/work/", 200, "Work") == (found.href, found.status, found.text(f"{DAV}displayname"))
    assert {f"{CALDAV}calendar-data": 404} == found.refused


def test_a_status_can_be_that_of_several_resources() -> None:
    gone = "<d:href>/a</d:href><d:href>/b</d:href><d:status>HTTP/1.1 404 Not Found</d:status>"

    assert [("/a", 404), ("/b", 404)] == [(each.href, each.status) for each in multistatus(answer(gone))]


def test_what_a_property_holds_is_found_whatever_prefixes_are_used() -> None:
    kinds = (
        '<resourcetype xmlns="DAV:"><collection/><x:calendar xmlns:x="urn:ietf:params:xml:ns:caldav"/></resourcetype>'
    )
    home = "<c:calendar-home-set><d:href>/home/</d:href><d:href/></c:calendar-home-set>"

    [found] = multistatus(answer(f"<d:href>/</d:href>{propstat(kinds + home)}"))

    assert found.has(f"{DAV}resourcetype", f"{CALDAV}calendar")
    assert ["/home/"] == found.hrefs(f"{CALDAV}calendar-home-set")


@pytest.mark.parametrize(
    "status", ["fine", "HTTP/1.1 ２００ OK", f"HTTP/1.1 {'9' * 5000}"], ids=lambda status: status[:12]
)
def test_a_property_without_a_status_that_can_be_read_was_not_told(status: str) -> None:
    [found] = multistatus(answer(f"<d:href>/</d:href>{propstat('<d:displayname>Work</d:displayname>', status)}"))

    assert ({}, {f"{DAV}displayname": 0}) == (found.properties, found.refused)


LAUGHS = '<!DOCTYPE d:multistatus [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body>Sign in</body></html>",
        b'<error xmlns="DAV:"/>',
        answer("<d:href>/</d:href>")[:-9],
        LAUGHS.encode() + answer("<d:href>&b;</d:href>"),
        b'<!DOCTYPE x SYSTEM "http://inside.example/">' + answer(),
        answer("<a>" * 40 + "</a>" * 40),
        answer("<d:href/>" * 500_001),
        b'<?xml version="1.0" encoding="utf-7"?>' + answer(),
        b"\xff\xfe\x00",
        answer("<d:href>\x0b</d:href>"),
    ],
    ids=(
        "nothing",
        "a page",
        "another element",
        "cut off",
        "entities",
        "a document type elsewhere",
        "deep",
        "long",
        "unknown encoding",
        "no text",
        "a control character",
    ),
)
def test_what_is_no_whole_answer_or_made_to_use_up_memory_is_refused(body: bytes) -> None:
    with pytest.raises(NotMultistatus):
        multistatus(body)

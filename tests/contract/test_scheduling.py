from tests.contract.scheduling import invited_by


def _file(*lines: str, head: str = "") -> bytes:
    event = "\r\n".join(("BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\n{head}{event}\r\nEND:VCALENDAR\r\n".encode()


def test_a_server_would_mail_whoever_an_organizer_invites() -> None:
    guests = ("ATTENDEE:mailto:ana@mail.example", "ATTENDEE:mailto:bo@mail.example")

    assert ["mailto:ana@mail.example", "mailto:bo@mail.example"] == invited_by(
        _file("ORGANIZER:mailto:host@mail.example", *guests)
    )
    assert ["mailto:ana@mail.example"] == invited_by(_file(guests[0], head="METHOD:REQUEST\r\n"))


def test_it_would_mail_nobody_about_people_whom_its_owner_has_only_noted() -> None:
    assert [] == invited_by(_file("ATTENDEE:mailto:ana@mail.example"))

import pytest

from adapters.mail.smtp_server import SmtpServer


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://user:pass@mail.example:2587?tls=starttls",
            SmtpServer("mail.example", 2587, "starttls", "user", "pass"),
        ),
        (
            "smtp://u%40x.example:p%2Fs%3As@mail.example?tls=tls",
            SmtpServer("mail.example", 465, "tls", "u@x.example", "p/s:s"),
        ),
        ("smtp://127.0.0.1:2525?tls=none", SmtpServer("127.0.0.1", 2525, "none")),
        ("smtp://[::1]:2525/?tls=none", SmtpServer("::1", 2525, "none")),
        ("smtp://mail.example?tls=none", SmtpServer("mail.example", 25, "none")),
        ("smtp://mail.example", SmtpServer("mail.example", 587, "starttls")),
    ],
)
def test_a_mail_server_is_written_as_one_url(url: str, server: SmtpServer) -> None:
    assert server == SmtpServer.parse(url)
    assert (server.username, server.password) == (SmtpServer.parse(url).username, SmtpServer.parse(url).password)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "use the form"),
        ("mail.example:587", "use the form"),
        ("https://mail.example", "use the form"),
        ("smtp://:2525", "use the form"),
        ("smtp://mail.example/inbox", "use the form"),
        ("smtp://mail.example?tls=maybe", "only tls=starttls"),
        ("smtp://mail.example?tls=tls&tls=none", "only tls=starttls"),
        ("smtp://mail.example?starttls=1", "only tls=starttls"),
        ("smtp://user@mail.example", "both user and password"),
        ("smtp://:hunter2@mail.example", "both user and password"),
        ("smtp://user:hunter2/x@mail.example:587", "can't be read"),
        ("smtp://mail.example:99999", "can't be read"),
        ("smtp://user:hunter2@[mail.example", "can't be read"),
        ("smtp://user:hunter2\u2100@mail.example", "can't be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_without_the_password(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        SmtpServer.parse(url)

    assert "\n" not in str(refused.value)
    assert "hunter" not in str(refused.value)


def test_the_password_is_in_no_repr() -> None:
    server = SmtpServer.parse("smtp://user:hunter2@mail.example")

    assert "hunter2" not in repr(server) + str(server) + f"{server!r}" + repr([server]) + str(server.__rich_repr__())

"""What the environment may say, and what is said of it when it may not."""

import re
from base64 import b64encode
from datetime import timedelta

import pytest

from adapters.microsoft.settings import MicrosoftCalendarSettings, MicrosoftTeamsSettings
from entrypoints.settings import SettingsError, read_settings

KEY = b64encode(bytes(range(32))).decode()


def test_without_any_variable_the_defaults_hold() -> None:
    settings = read_settings({}, port=8123)

    assert "http://127.0.0.1:8123" == settings.public_url
    assert "invites@localhost" == settings.mail_from
    assert timedelta(seconds=60) == settings.link_wait
    assert timedelta(days=365) == settings.retention
    assert settings.rate_limit
    assert settings.sign_up_open
    assert settings.zoom is None
    assert settings.database_url is None


def test_guests_can_be_kept_for_good() -> None:
    assert read_settings({"TIMETUNA_RETENTION_DAYS": "0"}).retention is None


def test_everything_can_be_set() -> None:
    settings = read_settings(
        {
            "TIMETUNA_DATABASE_URL": "postgresql://me@db/timetuna",
            "TIMETUNA_BROKER_URL": "redis://broker:6379/1",
            "TIMETUNA_PUBLIC_URL": "https://meet.example.com/",
            "TIMETUNA_SECRET_KEYS": f"{KEY},{KEY}",
            "TIMETUNA_SMTP_URL": "smtp://mail.example.com:587?tls=starttls",
            "TIMETUNA_MAIL_FROM": "invites@meet.example.com",
            "TIMETUNA_LINK_WAIT_SECONDS": "5",
            "TIMETUNA_ZOOM_CLIENT_ID": "id",
            "TIMETUNA_ZOOM_CLIENT_SECRET": "secret",
            "TIMETUNA_ZOOM_SECRET_TOKENS": "old, new",
            "TIMETUNA_SIGNUP": "closed",
            "TIMETUNA_SECURITY_CONTACT": "security@example.com",
            "TIMETUNA_SECURITY_POLICY_URL": "https://example.com/security",
            "TIMETUNA_IMPRINT_URL": "https://example.com/imprint",
            "TIMETUNA_PRIVACY_URL": "https://example.com/privacy?of=us",
            "TIMETUNA_METRICS_TOKEN": "opens-metrics",
            "TIMETUNA_RATE_LIMIT": "off",
            "TIMETUNA_TRUSTED_PROXIES": "10.0.0.1, 192.168.0.0/16",
        }
    )

    assert "https://meet.example.com" == settings.public_url
    assert settings.zoom is not None
    assert "https://meet.example.com/integrations/zoom/callback" == settings.zoom.redirect_uri
    assert ("old", "new") == settings.zoom.secret_tokens
    assert ("10.0.0.1/32", "192.168.0.0/16") == settings.trusted_proxies
    assert not settings.rate_limit
    assert not settings.sign_up_open
    assert "mailto:security@example.com" == settings.security_contact
    assert "https://example.com/security" == settings.security_policy_url
    assert ("https://example.com/imprint", "https://example.com/privacy?of=us") == (
        settings.imprint_url,
        settings.privacy_url,
    )
    assert "opens-metrics" == settings.metrics_token


def test_weaknesses_are_reported_to_the_operator_unless_somebody_else_is_named() -> None:
    assert "mailto:op@example.com" == read_settings({"TIMETUNA_OPERATOR_EMAIL": "op@example.com"}).security_contact


def test_microsoft_is_asked_at_its_own_addresses_unless_told_otherwise() -> None:
    app = {
        "TIMETUNA_PUBLIC_URL": "https://meet.example.com",
        "TIMETUNA_MICROSOFT_CLIENT_ID": "id",
        "TIMETUNA_MICROSOFT_CLIENT_SECRET": "secret",
    }
    elsewhere = {
        "TIMETUNA_MICROSOFT_AUTH_URL": "https://login.example.com/our-directory/",
        "TIMETUNA_MICROSOFT_API_URL": "https://graph.example.com/v1.0/",
    }
    redirect_uri = "https://meet.example.com/integrations/microsoft/callback"

    told = MicrosoftTeamsSettings(
        "id", "secret", redirect_uri, "https://login.example.com/our-directory", "https://graph.example.com/v1.0"
    )

    assert MicrosoftTeamsSettings("id", "secret", redirect_uri) == read_settings(app).microsoft
    assert told == read_settings({**app, **elsewhere}).microsoft
    assert read_settings({}).microsoft is None


def test_calendars_at_microsoft_are_for_everybody_with_the_registration_for_meetings() -> None:
    app = {
        "TIMETUNA_PUBLIC_URL": "https://meet.example.com",
        "TIMETUNA_MICROSOFT_CLIENT_ID": "id",
        "TIMETUNA_MICROSOFT_CLIENT_SECRET": "secret",
    }
    redirect_uri = "https://meet.example.com/integrations/microsoft/calendar/callback"

    assert MicrosoftCalendarSettings("id", "secret", redirect_uri) == read_settings(app).microsoft_calendars
    assert read_settings({}).microsoft_calendars is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db"),
        ("DATABASE_DIRECT_URL", "postgresql://db:port/x"),
        ("BROKER_URL", "http://broker"),
        ("BROKER_URL", "redis://u:12/password@broker/0"),
        ("BROKER_URL", "redis://u:12?password@broker/0"),
        ("BROKER_URL", "amqp://u:12#password@broker"),
        ("BROKER_URL", "redis://broker/first"),
        ("PUBLIC_URL", "meet.example.com"),
        ("SECRET_KEYS", "short"),
        ("SECRET_KEYS", b64encode(bytes(32)).decode()),
        ("SMTP_URL", "http://mail"),
        ("MAIL_FROM", "not an address"),
        ("OPERATOR_EMAIL", "nobody"),
        ("LINK_WAIT_SECONDS", "soon"),
        ("LINK_WAIT_SECONDS", "-1"),
        ("LINK_WAIT_SECONDS", "nan"),
        ("RETENTION_DAYS", "forever"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "0.5"),
        ("RETENTION_DAYS", "99999999999"),
        ("ZOOM_AUTH_URL", "zoom.us"),
        ("MICROSOFT_AUTH_URL", "organizations"),
        ("MICROSOFT_API_URL", "graph.microsoft.com"),
        ("ZOOM_SECRET_TOKENS", "one,,two"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("OTLP_URL", "collector:4318"),
        ("SIGNUP", "invited"),
        ("SECURITY_CONTACT", "somebody"),
        ("SECURITY_CONTACT", "http://example.com/report"),
        ("SECURITY_CONTACT", "https://example.com/ a\nPolicy: b"),
        ("SECURITY_POLICY_URL", "http://example.com/policy"),
        ("IMPRINT_URL", "javascript:alert(1)"),
        ("IMPRINT_URL", "//example.com"),
        ("IMPRINT_URL", "https://user:pass@example.com"),
        ("PRIVACY_URL", "/privacy"),
        ("PRIVACY_URL", 'https://example.com/"><script>'),
        ("METRICS_TOKEN", "two words"),
        ("METRICS_TOKEN", "schlüssel"),
        ("RATE_LIMIT", "maybe"),
        ("TRUSTED_PROXIES", "the proxy"),
    ],
)
def test_a_malformed_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({f"TIMETUNA_{name}": value})

    assert str(refused.value).startswith(f"TIMETUNA_{name} ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:sEcrEtpw,x/y@h1:5432/db",
        "postgresql://u:12/sEcrEtpw@h1/db",
        "postgresql://u:12?sEcrEtpw=1@h1/db",
        "postgresql://u:12#sEcrEtpw@h1/db",
        "postgresql://u:a@sEcrEtpw@h1/db",
        "postgresql://u:[sEcrEtpw@h1/db",
        "postgresql://u:sEcrEtpw@h1:abc,h2/db",
        "postgresql://u:sEcrEtpw@h1:65536/db",
        "postgresql://u:sEcrEtpw@h1,,h2/db",
        "postgresql://u:sEcrEtpw@/db",
        "postgresql:///db?host=h1:sEcrEtpw",
        "postgresql:///db?host=h1&port=sEcrEtpw",
        "postgresql:///db?host=h1,,h2&password=sEcrEtpw",
        "postgresql://u:sEcrEtpw@h1/db?nothing",
    ],
)
def test_a_database_url_that_asyncpg_cannot_read_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"TIMETUNA_DATABASE_URL": url})

    assert "sEcrEtpw" not in str(refused.value)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ("target_session_attrs=bogus", "target_session_attrs is wrong: choose one of any, primary, standby"),
        ("sslmode=bogus", "sslmode is wrong: `sslmode` parameter must be one of: disable, allow, prefer, require"),
        ("sslmode=verify-full&sslrootcert=/none.crt", "sslrootcert is wrong: there is no such file"),
    ],
)
def test_a_wrong_parameter_of_a_database_url_is_named(parameters: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"TIMETUNA_DATABASE_URL can’t be used: its parameter {told}")):
        read_settings({"TIMETUNA_DATABASE_URL": f"postgresql://u:pw@h1,h2/db?application_name=me&{parameters}"})


@pytest.mark.parametrize(
    "url", ["postgresql://u:pw@h/db?application_name=sEcrEt@x", "postgresql://u:p@h?x=sEcrEt@h2/db"]
)
def test_an_at_sign_behind_the_question_mark_is_named_without_what_is_around_it(url: str) -> None:
    with pytest.raises(SettingsError, match=r"there is an @ behind its \?; write it as %40") as refused:
        read_settings({"TIMETUNA_DATABASE_URL": url})

    assert "sEcrEt" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://db",
        "postgresql://db/x?application_name=a%40b",
        "postgresql://me:p%40ss%2Fword@db1:5432,db2/x?target_session_attrs=read-write",
        "postgresql://me@[::1]:5432,[::2]/x",
        "postgresql:///x?host=/run/postgresql&application_name=timetuna",
        "postgresql://db/x?sslnegotiation=direct&sslmode=require",
    ],
)
def test_a_database_url_that_asyncpg_can_read_is_taken(url: str) -> None:
    assert url == read_settings({"TIMETUNA_DATABASE_URL": url}).database_url


@pytest.mark.parametrize("provider", ["ZOOM", "GOOGLE", "MICROSOFT"])
def test_half_of_an_app_is_refused(provider: str) -> None:
    with pytest.raises(SettingsError, match=f"TIMETUNA_{provider}_CLIENT_SECRET"):
        read_settings({f"TIMETUNA_{provider}_CLIENT_ID": "id"})


def test_google_calendar_shares_the_app_with_google_meet_and_comes_back_to_a_path_of_its_own() -> None:
    settings = read_settings(
        {
            "TIMETUNA_PUBLIC_URL": "https://meet.example.com",
            "TIMETUNA_GOOGLE_CLIENT_ID": "id",
            "TIMETUNA_GOOGLE_CLIENT_SECRET": "secret",
            "TIMETUNA_GOOGLE_TOKEN_URL": "https://google.example/token",
        }
    )
    at_a_sandbox = read_settings(
        {
            "TIMETUNA_GOOGLE_CLIENT_ID": "id",
            "TIMETUNA_GOOGLE_CLIENT_SECRET": "secret",
            "TIMETUNA_GOOGLE_CALENDAR_API_URL": "http://127.0.0.1:9000/calendar/v3/",
        }
    )

    calendar = settings.google_calendars
    assert calendar is not None
    assert ("id", "secret", "https://google.example/token") == (
        calendar.client_id,
        calendar.client_secret,
        calendar.token_url,
    )
    assert "https://meet.example.com/integrations/google/calendar/callback" == calendar.redirect_uri
    assert "https://www.googleapis.com/calendar/v3" == calendar.api_url
    assert at_a_sandbox.google_calendars is not None
    assert "http://127.0.0.1:9000/calendar/v3" == at_a_sandbox.google_calendars.api_url


def test_no_secret_shows_in_the_settings_repr() -> None:
    settings = read_settings(
        {
            "TIMETUNA_DATABASE_URL": "postgresql://me:pa55@db/timetuna",
            "TIMETUNA_SECRET_KEYS": KEY,
            "TIMETUNA_SMTP_URL": "smtp://me:pa55@mail.example.com",
            "TIMETUNA_ZOOM_CLIENT_ID": "id",
            "TIMETUNA_ZOOM_CLIENT_SECRET": "pa55",
            "TIMETUNA_ZOOM_SECRET_TOKENS": "pa55",
            "TIMETUNA_GOOGLE_CLIENT_ID": "id",
            "TIMETUNA_GOOGLE_CLIENT_SECRET": "pa55",
            "TIMETUNA_MICROSOFT_CLIENT_ID": "id",
            "TIMETUNA_MICROSOFT_CLIENT_SECRET": "pa55",
        }
    )

    parts = (settings.smtp, settings.zoom, settings.google, settings.google_calendars, settings.microsoft)
    for shown in map(repr, (settings, *parts)):
        assert "pa55" not in shown
        assert KEY not in shown

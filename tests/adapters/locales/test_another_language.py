"""Another language is one catalogue more, with plural forms of its own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.locales.catalogues import languages
from adapters.presentation.language import gettext, speaking
from adapters.presentation.sentences.timeline import timeline_words
from adapters.presentation.times import day, instant, length
from application.ports.booking_views import TimelineEntry
from domain.events import MeetingCreated
from domain.ids import BookingId

POLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "{n} minute"
msgid_plural "{n} minutes"
msgstr[0] "{n} minuta"
msgstr[1] "{n} minuty"
msgstr[2] "{n} minut"

msgid "The meeting was created {n} day after the booking."
msgid_plural "The meeting was created {n} days after the booking."
msgstr[0] "Spotkanie utworzono {n} dzień po rezerwacji."
msgstr[1] "Spotkanie utworzono {n} dni po rezerwacji."
msgstr[2] "Spotkanie utworzono {n} dni po rezerwacji."
"""
BRAZILIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Name"
msgstr "Nome"
"""
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    (tmp_path / "pt_BR.po").write_text(BRAZILIAN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("minutes", "words"), [(1, "1\u00a0minuta"), (3, "3\u00a0minuty"), (25, "25\u00a0minut")])
def test_polish_counts_with_three_forms(folder: Path, minutes: int, words: str) -> None:
    with speaking(languages(folder).of("pl-PL")):
        assert words == length(timedelta(minutes=minutes))


def test_polish_tells_what_happened(folder: Path) -> None:
    created = MeetingCreated(
        booking_id=BookingId("1"), at=AT, meeting_id=None, after=timedelta(days=3), announced_before=False
    )

    with speaking(languages(folder).of("pl")):
        assert "Spotkanie utworzono 3 dni po rezerwacji." == timeline_words(TimelineEntry.of(created), instant)


def test_a_regional_catalogue_is_spoken_with_its_own_days(folder: Path) -> None:
    with speaking(languages(folder).of("pt-BR")):
        assert ("Nome", "terça-feira") == (gettext("Name"), day(AT.date()).partition(",")[0])

"""Everybody reads their own language, and English where there is no other."""

from gettext import NullTranslations

import pytest

from adapters.presentation.language import (
    ENGLISH,
    Language,
    Languages,
    gettext,
    ngettext,
    said,
    speaking,
    spoken,
)
from domain.words import Words


class Swedish(NullTranslations):
    WORDS = {  # noqa: RUF012 - never changed
        "Hello": "Hej",
        "Somebody": "Någon",
        "No {provider} account is connected.": "Inget {provider}-konto är anslutet.",
        "{who} was faster.": "{who} var snabbare.",
        "{start} to {end}": "{start} till {end}",
        "Moved from {before} to {after}.": "Flyttad från {before} till {after}.",
    }

    def gettext(self, message: str) -> str:
        return self.WORDS.get(message, message)


SWEDISH = Language("sv", "Svenska", Swedish(), tuple(each for each in Swedish.WORDS if "{" in each))
LANGUAGES = Languages((ENGLISH, SWEDISH))


def test_words_are_english_where_nobody_says_otherwise() -> None:
    assert ("Hello", "2 hours") == (gettext("Hello"), ngettext("{n} hour", "{n} hours", 2).format(n=2))


def test_words_are_looked_up_in_the_language_that_is_spoken() -> None:
    with speaking(SWEDISH):
        assert ("Hej", "sv") == (gettext("Hello"), spoken().tag)
    assert "Hello" == gettext("Hello")


def test_words_without_a_translation_stay_english() -> None:
    with speaking(SWEDISH):
        assert "Good night" == gettext("Good night")


def test_nothing_is_still_nothing_in_another_language() -> None:
    with speaking(SWEDISH):
        assert "" == gettext("")


def test_what_was_filled_in_is_filled_in_again() -> None:
    words = Words("No {provider} account is connected.", provider="Zoom")

    with speaking(SWEDISH):
        assert "Inget Zoom-konto är anslutet." == said(words)
    assert "No Zoom account is connected." == words


def test_words_inside_words_are_translated_and_names_are_not() -> None:
    with speaking(SWEDISH):
        assert "Någon var snabbare." == said(Words("{who} was faster.", who=Words("Somebody")))
        assert "Somebody var snabbare." == said(Words("{who} was faster.", who="Somebody"))


def test_what_was_stored_in_english_is_said_as_if_it_were_new() -> None:
    with speaking(SWEDISH):
        assert "Inget Google Meet-konto är anslutet." == said("No Google Meet account is connected.")
        assert "Nothing that anybody knows." == said("Nothing that anybody knows.")


def test_braces_in_a_name_are_only_braces() -> None:
    with speaking(SWEDISH):
        assert "{0} {who} var snabbare." == said(Words("{who} was faster.", who="{0} {who}"))


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        (("sv",), "sv"),
        (("sv-FI",), "sv"),
        (("SV",), "sv"),
        (("fr", "sv"), "sv"),
        (("fr",), "en"),
        ((), "en"),
        (("",), "en"),
    ],
)
def test_the_first_language_that_can_be_spoken_is(wanted: tuple[str, ...], tag: str) -> None:
    assert tag == LANGUAGES.of(*wanted).tag

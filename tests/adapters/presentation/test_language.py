"""Everybody reads their own language, and English where there is no other."""

from gettext import NullTranslations

import pytest

from adapters.presentation.language import (
    ENGLISH,
    Language,
    Languages,
    gettext,
    ngettext,
    speaking,
    spoken,
)


class Swedish(NullTranslations):
    WORDS = {  # noqa: RUF012 - never changed
        "Hello": "Hej",
        "Somebody": "Någon",
        "No {provider} account is connected.": "Inget {provider}-konto är anslutet.",
        "{who} was faster.": "{who} var snabbare.",
    }

    def gettext(self, message: str) -> str:
        return self.WORDS.get(message, message)


SWEDISH = Language("sv", "Svenska", Swedish())
LANGUAGES = Languages((ENGLISH, SWEDISH))
IN_MANY_REGIONS = Languages(
    (ENGLISH, *(Language(each, each) for each in ("de", "pt-BR", "sr", "sr-Latn", "zh", "zh-Hant")))
)


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


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("pt-BR", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("pt-DE", "pt-BR"),
        ("sr-BA", "sr"),
        ("sr-Latn-BA", "sr-Latn"),
        ("sr-ME", "sr-Latn"),
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-CN", "zh"),
        ("cmn", "zh"),
        ("zh-Hans", "zh"),
        ("de-AT", "de"),
        ("de-Latn-CH-1996", "de"),
        ("not a tag", "en"),
        ("xx-Yyyy-ZZ", "en"),
    ],
)
def test_a_regional_tag_finds_the_nearest_catalogue(wanted: str, tag: str) -> None:
    assert tag == IN_MANY_REGIONS.of(wanted).tag


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        (("sv-FI", "en"), "sv-FI"),
        # Whoever asks for English of nowhere, and for Swedish of Finland next, lives there.
        (("en", "sv-FI"), "en-FI"),
        (("en", "sv-FI", "und-u-hc-h12"), "en-FI-u-hc-h12"),
        (("en-US-u-hc-h23",), "en-US-u-hc-h23"),
        (("en-XX-u-hc-h99",), "en"),
    ],
)
def test_the_region_and_the_hours_of_a_reader_outlive_the_page(wanted: tuple[str, ...], tag: str) -> None:
    reader = LANGUAGES.of(*wanted)

    assert tag == reader.reader_tag
    assert reader == LANGUAGES.of(reader.reader_tag)


@pytest.mark.parametrize(
    ("wanted", "tag", "conventions"),
    [
        (("pt-PT",), "pt-PT", "pt_PT"),
        (("pt-BR",), "pt-BR", "pt_BR"),
        (("pt-DE-u-hc-h12",), "pt-DE-u-hc-h12", "pt_BR"),
        (("zh-HK",), "zh-Hant-HK", "zh_Hant_HK"),
        (("zh-TW",), "zh-Hant-TW", "zh_Hant_TW"),
        (("zh-MO",), "zh-Hant-MO", "zh_Hant_MO"),
        (("zh-Hant",), "zh-Hant", "zh_Hant"),
        (("zh-CN",), "zh-CN", "zh_Hans_CN"),
        # Whoever lives in Hong Kong and reads simplified characters keeps both.
        (("zh-Hans", "en-HK"), "zh-Hans-HK", "zh_Hans_HK"),
        (("sr-BA",), "sr-BA", "sr_Cyrl_BA"),
        (("sr-Latn-BA",), "sr-Latn-BA", "sr_Latn_BA"),
    ],
)
def test_a_reader_keeps_their_own_region_in_another_regions_catalogue(
    wanted: tuple[str, ...], tag: str, conventions: str
) -> None:
    reader = IN_MANY_REGIONS.of(*wanted)

    assert (tag, conventions) == (reader.reader_tag, str(reader.locale))
    assert reader == IN_MANY_REGIONS.of(reader.reader_tag)


def test_a_reader_keeps_their_script_where_their_region_writes_in_another() -> None:
    taiwanese = Languages((ENGLISH, Language("zh-TW", "繁體中文")))
    reader = taiwanese.of("zh-Hant", "de-SG")

    assert ("zh-Hant-SG", "zh_Hant") == (reader.reader_tag, str(reader.locale))
    assert reader == taiwanese.of(reader.reader_tag)

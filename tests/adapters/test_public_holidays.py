"""Public holidays by the library."""

import subprocess
import sys
from datetime import date

from adapters.presentation.countries import countries_by_name
from adapters.public_holidays.calculated import CalculatedHolidays
from domain.public_holidays import HolidayCalendar

BAVARIA = HolidayCalendar("DE", "BY")


async def test_a_region_has_its_own_holidays_named_in_the_readers_language_where_it_is_known() -> None:
    holidays = CalculatedHolidays()

    german = await holidays.of_year(BAVARIA, 2027, "de")
    english = await holidays.of_year(BAVARIA, 2027, "en")
    own = await holidays.of_year(BAVARIA, 2027, "ja")

    epiphany = date(2027, 1, 6)
    assert ("Heilige Drei Könige", "Epiphany") == (german[epiphany], english[epiphany])
    assert german == own
    assert epiphany not in await holidays.of_year(HolidayCalendar("DE"), 2027, None)
    assert list(german) == sorted(german)


async def test_regions_are_told_with_their_names_where_holidays_differ() -> None:
    holidays = CalculatedHolidays()

    assert ("Bayern", {}) == ((await holidays.regions("DE") or {})["BY"], await holidays.regions("MC"))
    assert await holidays.regions("XX") is None
    assert {} == await holidays.of_year(HolidayCalendar("XX"), 2027, None)


async def test_every_country_can_be_chosen_with_each_of_its_regions() -> None:
    from holidays.utils import list_supported_countries

    known = list_supported_countries(include_aliases=False)

    assert {code for code, _name in countries_by_name()} == known.keys()
    for country, regions in known.items():
        for region in regions:
            HolidayCalendar(country, region)


def test_nobody_pays_for_the_library_before_it_is_asked() -> None:
    code = "import sys, entrypoints.bootstrap; sys.exit('holidays' in sys.modules)"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode

"""What the tables of the IANA database say about zones."""

import pytest

from application.zone_tables import countries, country_of
from domain.zones import ZONES


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Berlin", "DE"), ("America/Sao_Paulo", "BR"), ("Asia/Calcutta", "IN"), ("UTC", None), ("Nowhere", None)],
)
def test_a_zone_lies_in_a_country_under_any_of_its_names(zone: str, country: str | None) -> None:
    assert country == country_of(zone)


def test_each_zone_of_the_table_is_one_that_python_knows() -> None:
    assert countries().keys() <= ZONES

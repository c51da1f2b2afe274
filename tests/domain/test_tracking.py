"""Of an address, the first ten `utm_*` parameters are kept, cut, and nothing else."""

import pytest

from domain.faults import InvalidValue
from domain.tracking import tracking_of
from tests.support.builders import a_booking, a_host, a_page


def test_the_first_ten_parameters_are_kept_cut_at_200_characters() -> None:
    given = [("name", "Ana"), *((f"utm_{number}", "x" * 201) for number in range(12))]

    assert {f"utm_{number}": "x" * 200 for number in range(10)} == tracking_of(given)


@pytest.mark.parametrize(
    "given",
    [("utm_", "a"), ("utm_" + "a" * 61, "a"), ("utm_a b", "a"), ("utm_source", " \0\u202e ")],
)
def test_what_is_no_parameter_is_left_out(given: tuple[str, str]) -> None:
    assert {} == tracking_of([given])


def test_a_parameter_that_comes_twice_counts_as_it_came_first() -> None:
    assert {"utm_source": "news letter"} == tracking_of([("utm_source", "news\nletter"), ("utm_source", "other")])


def test_no_booking_holds_anything_else() -> None:
    with pytest.raises(InvalidValue):
        a_booking(a_page(a_host()), tracking={"name": "Ana"})

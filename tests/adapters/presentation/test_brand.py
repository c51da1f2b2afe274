import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.presentation.brand import READABLE, Brand, contrast

colors = st.integers(0, 0xFFFFFF).map(lambda number: Brand(f"#{number:06x}"))


def test_contrast_is_what_wcag_says() -> None:
    assert 21 == pytest.approx(contrast("#ffffff", "#000000"))
    assert 4.54 == pytest.approx(contrast("#767676", "#ffffff"), abs=0.01)
    assert 1 == contrast("#0f766e", "#0f766e")


def test_text_on_a_dark_colour_is_white_and_on_a_light_one_black() -> None:
    assert "#ffffff" == Brand("#0f766e").on_color
    assert "#000000" == Brand("#ffe600").on_color


@given(colors)
def test_text_on_any_colour_can_be_read_also_under_the_pointer(brand: Brand) -> None:
    assert READABLE <= contrast(brand.color, brand.on_color)
    assert READABLE <= contrast(brand.pressed, brand.on_color)


@given(colors)
def test_text_in_any_colour_can_be_read_on_light_and_on_dark_pages(brand: Brand) -> None:
    for ground in ("#ffffff", "#f5f8f7", "#edf2f0", brand.tint_on_light):
        assert READABLE <= contrast(brand.on_light, ground) <= contrast(brand.strong_on_light, ground)
    for ground in ("#0c1413", "#141f1d", "#1c2a27", brand.tint_on_dark):
        assert READABLE <= contrast(brand.on_dark, ground) <= contrast(brand.strong_on_dark, ground)


@given(colors)
def test_white_text_can_be_read_on_the_shade_for_light_pages_and_black_on_that_for_dark_ones(brand: Brand) -> None:
    assert READABLE <= contrast(brand.on_light, "#ffffff")
    assert READABLE <= contrast(brand.on_dark, "#000000")


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert "#0f5c56" == Brand("#0f5c56").on_light
    assert "#5eead4" == Brand("#5eead4").on_dark

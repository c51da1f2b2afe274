"""No handle of a host collides with a page of ours."""

from domain.host import RESERVED_HANDLES
from tests.adapters.http.api.serving import Server


def test_the_first_part_of_every_address_of_ours_is_reserved() -> None:
    firsts = {path.split("/")[1] for path in Server().litestar.route_handler_method_map}

    assert set() == {first for first in firsts if first and not first.startswith("{")} - RESERVED_HANDLES

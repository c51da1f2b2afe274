"""What becomes of booking pages once a provider is disconnected."""

import msgspec

from domain.connection import ProviderStatus
from domain.disconnecting import FallsBack, StopsBookings, after_disconnecting
from domain.meeting_type import GoogleMeet
from domain.provider import Provider
from tests.support.builders import a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom

HOST = a_host()
BOTH: dict[Provider, ProviderStatus] = {"zoom": "connected", "google": "connected", "microsoft": "not_configured"}
ONLY_ZOOM: dict[Provider, ProviderStatus] = {**BOTH, "google": "not_connected"}


def test_a_page_with_another_way_to_meet_falls_back_to_the_first_one() -> None:
    page = a_page(HOST, meeting_types=(zoom, phone_by_host, at_the_harbour))

    assert [FallsBack(page, ("phone",))] == after_disconnecting("zoom", [page], ONLY_ZOOM)


def test_a_page_with_nothing_else_stops_taking_bookings() -> None:
    page = a_page(HOST, an_event_type(title="Intro call"), meeting_types=(zoom,))

    assert [StopsBookings(page, ("Intro call",))] == after_disconnecting("zoom", [page], ONLY_ZOOM)


def test_another_provider_counts_only_while_it_can_be_used() -> None:
    page = a_page(HOST, an_event_type(title="Intro call"), meeting_types=(zoom, GoogleMeet()))

    assert [FallsBack(page, ("google_meet",))] == after_disconnecting("zoom", [page], BOTH)
    assert [StopsBookings(page, ("Intro call",))] == after_disconnecting("zoom", [page], ONLY_ZOOM)


def test_a_page_stops_in_part_where_one_event_type_has_a_list_of_its_own() -> None:
    usual = an_event_type(slug="usual", title="Usual")
    special = an_event_type(title="Special", meeting_types=(zoom,))
    page = a_page(HOST, usual, special, meeting_types=(zoom, phone_by_host))

    assert [StopsBookings(page, ("Special",))] == after_disconnecting("zoom", [page], ONLY_ZOOM)


def test_event_types_can_fall_back_to_different_ways_to_meet() -> None:
    there = an_event_type(meeting_types=(zoom, at_the_harbour))
    page = a_page(HOST, an_event_type(slug="a"), there, an_event_type(slug="b"), meeting_types=(zoom, phone_by_host))

    assert [FallsBack(page, ("phone", "in_person"))] == after_disconnecting("zoom", [page], ONLY_ZOOM)


def test_pages_that_do_not_use_the_provider_are_left_out() -> None:
    without = a_page(HOST, meeting_types=(phone_by_host,))

    assert [] == after_disconnecting("zoom", [without], ONLY_ZOOM)


def test_a_connection_that_has_died_tells_of_the_pages_that_have_fallen_back_already() -> None:
    page = a_page(HOST, meeting_types=(zoom, phone_by_host))

    assert [FallsBack(page, ("phone",))] == after_disconnecting(
        "zoom", [page], {**ONLY_ZOOM, "zoom": "needs_reconnect"}
    )


def test_a_page_without_event_types_is_looked_at_as_a_whole() -> None:
    page = msgspec.structs.replace(a_page(HOST, title="Empty", meeting_types=(zoom,)), event_types=())

    assert [StopsBookings(page, ("Empty",))] == after_disconnecting("zoom", [page], ONLY_ZOOM)

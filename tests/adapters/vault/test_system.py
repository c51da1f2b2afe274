import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.vault.system import SystemIds, utc_now

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


def test_the_present_instant_is_aware_and_in_utc() -> None:
    assert timedelta(0) == utc_now().utcoffset()


def test_an_id_is_32_lower_case_hexadecimal_digits_that_begin_with_the_time() -> None:
    new_id = SystemIds(lambda: NOW).new_id()

    assert re.fullmatch(r"[0-9a-f]{32}", new_id)
    assert NOW == datetime.fromtimestamp(int(new_id[:12], 16) / 1000, UTC)


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=365)), min_size=2))
def test_ids_made_later_sort_later_whatever_the_clock_does(jumps: list[timedelta]) -> None:
    times = iter([NOW + jump for jump in jumps])
    ids = SystemIds(lambda: next(times))

    made = [ids.new_id() for _ in jumps]

    assert sorted(set(made)) == made


def test_threads_never_share_an_id() -> None:
    ids = SystemIds(lambda: NOW)
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(ids.new_id) for _ in range(2000)]

    assert 2000 == len({call.result() for call in calls})


def test_processes_at_the_same_millisecond_do_not_share_an_id() -> None:
    assert SystemIds(lambda: NOW).new_id() != SystemIds(lambda: NOW).new_id()


def test_a_token_fits_into_a_url_and_has_190_bits() -> None:
    tokens = {SystemIds().new_token() for _ in range(100)}

    assert 100 == len(tokens)
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", token, re.ASCII) for token in tokens)

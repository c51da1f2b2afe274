import gc
from collections.abc import Generator

import pytest

from entrypoints.collector import hold, settle

pytestmark = pytest.mark.usefixtures("restored")


@pytest.fixture
def restored() -> Generator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.enable()
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_a_process_has_made_at_its_start_is_collected_no_more() -> None:
    hold()
    made_at_the_start = [[number] for number in range(1000)]

    settle()

    collected = {id(each) for each in gc.get_objects()}
    assert not any(id(each) in collected for each in made_at_the_start)


def test_what_comes_later_is_collected_still() -> None:
    hold()
    settle()

    assert gc.isenabled()

    loop: list[object] = []
    loop.append(loop)
    del loop

    assert gc.collect() >= 1

"""Settings of Python's garbage collector in a process that serves."""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 50
"""How many objects more than before start a collection, and how many collections one of the next generation.

By default a busy process collects thousands of times a second, and finds nothing: requests leave few cycles.
"""

YOUNG_OF_JOBS = 2_000
"""Closed connections are cycles, and each mail closes one: with 10,000 a worker held 1.5 MB of them at times."""


def hold() -> None:
    """Collect nothing until the process has started.

    Hardly anything that is made meanwhile is garbage, and to look through it again and again takes a fifth of the time.
    """
    gc.disable()


def settle(young: int = YOUNG) -> None:
    """Leave out of all collections what the process has made so far: it stays to the end.

    Call it once everything is open. A full collection walked through all modules, routes and templates, and stopped the
    process for 76 to 143 ms meanwhile.
    """
    gc.freeze()
    gc.set_threshold(young, MIDDLE, OLD)
    gc.enable()

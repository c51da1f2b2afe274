"""The table that a benchmark prints, a row as soon as it is measured."""

import msgspec


class Row(msgspec.Struct, frozen=True):
    """One line: what was measured against what, the goal in words, and whether it was met."""

    work: str
    measured: str
    against: str
    goal: str
    met: bool


def print_head() -> None:
    print("| work | measured | against | goal | met |\n|---|---|---|---|---|", flush=True)


def print_row(row: Row) -> None:
    met = "yes" if row.met else "**no**"
    print(f"| {row.work} | {row.measured} | {row.against} | {row.goal} | {met} |", flush=True)

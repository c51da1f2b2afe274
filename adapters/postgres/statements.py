"""How do the writes of a unit of work become as few statements as possible?

Every write is a list of common table expressions. PostgreSQL runs all of one statement on the same snapshot and in no
promised order, so two writes share a statement only where they touch different rows.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

import msgspec

_PARAMETER = re.compile(r"\$(\d+)")


class Write(msgspec.Struct, frozen=True):
    """Something to be stored when the unit commits.

    Attributes:
        kind: names its table expressions, so a statement has room for one write of a kind.
        stacks: every argument is a list, one item for each row; writes of this kind can be joined.
        sql: `name as (insert …), …`; parameters count from `$1`.
        touches: identities of the rows that another write of the unit may change as well.
        returns: an expression that is always evaluated, before the table expressions if it doesn't read them;
            true means that work has become due.
        brings_work: whether work is owed or moved by it, whatever `returns` says.
    """

    kind: str
    sql: str
    args: tuple[object, ...]
    stacks: bool = False
    touches: frozenset[str] = frozenset()
    returns: str = "null"
    brings_work: bool = False


class Statement(msgspec.Struct, frozen=True):
    sql: str
    args: list[object]


def statements(writes: Sequence[Write]) -> Iterator[Statement]:
    """Put the writes, which stay in order where that matters, into statements."""
    together: dict[str, Write] = {}
    touched: set[str] = set()
    for write in writes:
        same_kind = together.get(write.kind)
        if not touched.isdisjoint(write.touches) or (same_kind and not write.stacks):
            yield _statement(list(together.values()))
            together, same_kind = {}, None
            touched.clear()
        together[write.kind] = _stacked(same_kind, write) if same_kind else write
        touched |= write.touches
    if together:
        yield _statement(list(together.values()))


def _stacked(lower: Write, upper: Write) -> Write:
    joined = tuple(
        [*cast("list[object]", a), *cast("list[object]", b)] for a, b in zip(lower.args, upper.args, strict=True)
    )
    return msgspec.structs.replace(upper, args=joined)


def _statement(writes: Sequence[Write]) -> Statement:
    sql = _merged(tuple((write.sql, write.returns, len(write.args)) for write in writes))
    return Statement(sql, [arg for write in writes for arg in write.args])


@lru_cache(maxsize=512)
def _merged(parts: tuple[tuple[str, str, int], ...]) -> str:
    expressions: list[str] = []
    results: list[str] = []
    before = 0
    for sql, returns, count in parts:
        expressions.append(_shifted(sql, before))
        results.append(_shifted(returns, before))
        before += count
    return f"with {', '.join(expressions)} select {', '.join(results)}"


def _shifted(sql: str, by: int) -> str:
    return _PARAMETER.sub(lambda match: f"${int(match[1]) + by}", sql)

"""A unit of work holds a connection to the database, and rows that others wait for."""

import ast
from collections.abc import Iterator

from tests.support.processes import ROOT

REFRESHES = {
    ("application/calendars/use_account.py", "client.refresh"),
    ("application/connections/grants.py", "_refresh"),
}
"""Their lock on the row is what keeps every other process from spending the same refresh token."""


def test_inside_a_unit_of_work_nobody_waits_for_anything_else() -> None:
    """A call would make others wait; another connection, with all of them held like that, would never come."""
    assert REFRESHES == {
        (str(file.relative_to(ROOT)), ast.unparse(call.func))
        for file in (ROOT / "application").rglob("*.py")
        for unit in units_in(ast.parse(file.read_bytes()))
        for call in waited_for(unit)
        if not works_in_unit(call)
    }


def units_in(tree: ast.Module) -> Iterator[ast.AsyncWith]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith) and any(ast.unparse(each).endswith("begin() as uow") for each in node.items):
            yield node


def waited_for(unit: ast.AsyncWith) -> Iterator[ast.Call]:
    for statement in unit.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                yield node.value


def works_in_unit(call: ast.Call) -> bool:
    return ast.unparse(call.func).startswith("uow.") or "uow" in map(ast.unparse, call.args)

"""Results as an assistant gets them: as members, and as text in which guests' words are fenced off."""

from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.http.json_bytes import json_bytes
from adapters.http.problems import Problem

_GUESTS = "typed_by_guests"


@dataclass(frozen=True)
class ToolOutput:
    text: str
    members: dict[str, Any]


def output_of_result(result: msgspec.Struct) -> ToolOutput:
    members: dict[str, Any] = msgspec.json.decode(json_bytes(result))
    ours = {name: each for name, each in members.items() if name != _GUESTS}
    text = _json(ours)
    if guests := members.get(_GUESTS):
        text = f"{text}\n\n{guests['handling']}\n<guest-text>\n{_fenced(guests['by_booking'])}\n</guest-text>"
    return ToolOutput(text, members)


def output_of_problem(problem: Problem) -> ToolOutput:
    """The problem of the API in words."""
    members: dict[str, Any] = msgspec.json.decode(json_bytes(problem))
    lines = [f"{problem.title}: {problem.detail}"]
    lines += [f"- {each['field']}: {each['message']}" for each in members.get("errors", ())]
    if alternatives := members.get("alternatives"):
        lines.append(f"Nearest free times: {', '.join(alternatives)}")
    return ToolOutput("\n".join(lines), members)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _fenced(value: Any) -> str:
    """JSON that can't hold the mark at its end."""
    return _json(value).replace("<", "\\u003c").replace(">", "\\u003e")

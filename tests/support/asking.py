"""Asks calendars, and waits for all answers."""

from collections.abc import Sequence

from application.ports.calendar_reader import CalendarAccess, CalendarAnswer, CalendarAsker, ReadingQuery


async def asked(asker: CalendarAsker, access: CalendarAccess, queries: Sequence[ReadingQuery]) -> list[CalendarAnswer]:
    """The answers in the order of their queries."""
    answers: dict[int, CalendarAnswer] = {}
    await asker.ask(access, queries, answers.__setitem__)
    return [answers[number] for number in range(len(queries))]

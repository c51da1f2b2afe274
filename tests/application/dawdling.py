"""Readers that take their time."""

import asyncio
from collections.abc import Sequence
from random import Random

from adapters.memory.calendar_reader import MemoryCalendarReader
from application.ports.calendar_reader import (
    Answered,
    CalendarAccess,
    CalendarAnswer,
    CalendarRead,
    CalendarUnchanged,
    ReadingQuery,
)
from application.ports.oauth import AccountReader


class DawdlingReader(MemoryCalendarReader):
    """Takes a while before it looks, and a while before it answers."""

    def __init__(self, sign_in: AccountReader | None, random: Random) -> None:
        super().__init__(sign_in)
        self._random = random

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        await dawdle(self._random)
        answer = await super().read(access, query)
        await dawdle(self._random)
        return answer

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        await dawdle(self._random)
        answers: dict[int, CalendarAnswer] = {}
        await super().ask(access, queries, answers.__setitem__)
        for number, answer in answers.items():
            await dawdle(self._random)
            answered(number, answer)


async def dawdle(random: Random, most: int = 12) -> None:
    for _ in range(random.randrange(most)):
        await asyncio.sleep(0)

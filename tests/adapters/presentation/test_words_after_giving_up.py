"""Once a link was given up nothing goes on by itself, and nobody reads that it would."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from adapters.locales.catalogues import languages
from adapters.mail.layout import as_text
from adapters.mail.wording import letter_to_guest, letter_to_host
from adapters.presentation.language import speaking
from domain.conference import Failed, Failure, FailureType
from domain.provider_problem import DailyLimitReached, ProviderProblem
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_host, a_page, zoom
from tests.support.mail_examples import ORIGIN, START, booking, mail_of
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor

PROMISES = {
    "en": r"by itself|automatically|usually|at the moment|being created|keep trying|as soon as|in a few \w+",
    "de": r"von selbst|automatisch|meist |im Moment|momentan|zurzeit|gerade|wird erstellt|versuchen es|sobald|in Kürze",
}


def failures() -> Iterator[Failure]:
    """Every problem, and every type with one of them: hosts are told the problem, and guests the type."""
    problems: list[ProviderProblem] = [
        each("zoom", START) if each is DailyLimitReached else each("zoom") for each in get_args(ProviderProblem)
    ]
    yield from (Failure("unclear", each) for each in problems)
    yield from (Failure(each, problems[0]) for each in get_args(FailureType))


def promises(language: str, text: str) -> list[str]:
    return re.findall(PROMISES[language], text)


@pytest.mark.parametrize("language", PROMISES)
def test_in_no_mail(language: str) -> None:
    with speaking(languages().of(language)):
        for failure in failures():
            given_up = booking(conference=Failed(failure))
            for letter in (
                letter_to_guest(mail_of("updated", "guest", given_up), ORIGIN),
                letter_to_host(mail_of("updated", "host", given_up), ORIGIN),
            ):
                assert [] == promises(language, as_text(letter)), failure


@pytest.mark.parametrize("language", PROMISES)
async def test_on_no_page(language: str) -> None:
    server = Server()
    host = await server.memory.host(replace(a_host(), language=language), password=PASSWORD)
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    reader, guest = await Visitor(server).signs_in(host), Visitor(server)
    for visitor in (reader, guest):
        visitor.client.headers["accept-language"] = language

    for hour, failure in enumerate(failures()):
        given_up = replace(
            a_booking(page, TOMORROW_AT_TEN + timedelta(hours=hour), conference=Failed(failure)), announced=True
        )
        async with server.memory.store.begin() as uow:
            uow.bookings.add(given_up)
        assert [] == promises(language, (await guest.opens(f"/b/{given_up.token}")).text), failure
        assert [] == promises(language, (await reader.opens(f"/bookings/{given_up.id}")).text), failure

    for path in ("/bookings?show=needs_attention", "/dashboard"):
        assert [] == promises(language, (await reader.opens(path)).text), path

"""Questions on event types: asked in the editor, answered by guests, read by hosts."""

from domain.booking_page import LONGEST_CHOICE, LONGEST_QUESTION, MOST_QUESTIONS, Answer, BookingPage, Question
from tests.support.builders import a_page, an_event_type, at_the_harbour
from tests.support.editor import an_edited_page, saved, sends
from tests.support.serving import API, TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, a_signed_in_host

TOPIC = Question("topic", "What is it about?", required=True)
FISH = Question("fish", "Which fish?", "choice", choices=("Tuna", "Cod"))


def a_question(number: str, label: str, kind: str = "text", *, choices: str = "", required: bool = False) -> Fields:
    """A new row on the first event type."""
    path = f"question.{number}."
    return {
        f"{path}event": "0",
        f"{path}id": "",
        f"{path}label": label,
        f"{path}kind": kind,
        f"{path}choices": choices,
        f"{path}required": "1" if required else "",
    }


async def asked(server: Server, page: BookingPage) -> tuple[Question, ...]:
    return (await saved(server, page)).event_types[0].questions


async def test_questions_of_all_four_kinds_are_added_in_their_order(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    rows = {
        **a_question("0", "What is it about?", required=True),
        **a_question("5", "Tell me more", "long_text"),
        **a_question("2", "Which fish?", "choice", choices=" Tuna \r\n\r\nCod\r\n"),
        **a_question("3", "Been here before?", "yes_no"),
    }

    await sends(visitor, page, question=["3", "0", "5", "2"], **rows)

    assert 303 == visitor.status
    kept = await asked(server, page)
    assert [
        ("Been here before?", "yes_no", False, ()),
        ("What is it about?", "text", True, ()),
        ("Tell me more", "long_text", False, ()),
        ("Which fish?", "choice", False, ("Tuna", "Cod")),
    ] == [(each.label, each.kind, each.required, each.choices) for each in kept]
    assert 4 == len({each.id for each in kept})


async def test_a_question_keeps_its_id_whatever_is_edited_about_it(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, an_event_type(questions=(TOPIC, FISH))))

    await sends(visitor, page, question=["1", "0"], question__0__label="Why?", question__1__kind="long_text")

    assert [
        Question("fish", "Which fish?", "long_text"),
        Question("topic", "Why?", required=True),
    ] == list(await asked(server, page))


async def test_a_question_is_moved_and_removed_in_the_form_alone(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, an_event_type(questions=(TOPIC, FISH))))

    await sends(visitor, page, do="question-up:1")
    assert visitor.html.index("Which fish?") < visitor.html.index("What is it about?")
    await sends(visitor, page, do="question-remove:0")
    assert 1 == visitor.html.count('name="question"')
    assert "The question was removed. Not saved yet." in visitor.text

    assert (TOPIC, FISH) == await asked(server, page)


async def test_what_is_wrong_with_a_question_is_told_at_its_field(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    rows = {
        **a_question("0", "", "choice", choices="Only one"),
        **a_question("1", "x" * (LONGEST_QUESTION + 1)),
        **a_question("2", "Twice?", "choice", choices="Tuna\nTuna"),
        **a_question("3", "Long?", "choice", choices="Tuna\n" + "x" * (LONGEST_CHOICE + 1)),
    }

    await sends(visitor, page, question=["0", "1", "2", "3"], **rows)

    assert 400 == visitor.status
    for field in ("0-label", "0-choices", "1-label", "2-choices", "3-choices"):
        assert f'id="question-{field}-error"' in visitor.html, field
        assert f'href="#question-{field}"' in visitor.html, field
    assert "Enter at least 2 options." in visitor.text
    assert 'aria-label="Questions, 5 entries to check"' in visitor.html
    assert () == await asked(server, page)


async def test_there_is_an_end_to_the_questions(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    numbers = [str(number) for number in range(MOST_QUESTIONS + 1)]
    rows: Fields = {}
    for number in numbers:
        rows |= a_question(number, f"Question {number}")

    await sends(visitor, page, question=numbers, **rows)
    assert 'id="event-0-questions-error"' in visitor.html
    assert f"There are too many questions. The limit is {MOST_QUESTIONS}." in visitor.text

    await sends(visitor, page, question=numbers[:-1], do="question-add:0", **rows)
    assert MOST_QUESTIONS == visitor.html.count('name="question"')


async def test_a_row_left_empty_asks_nothing(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    await sends(visitor, page, question=["0"], **a_question("0", " "))

    assert 303 == visitor.status
    assert () == await asked(server, page)


async def test_rows_that_no_form_of_ours_sends_do_no_harm(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)

    for odd in ("", "-1", "x", "9" * 30, "٣", "0:0"):
        await sends(visitor, page, question=[odd], event=["0", odd, "0"], date=[odd], do=f"question-up:{odd}")
        assert 200 == visitor.status, odd
        await sends(visitor, page, do=odd + ":mon:zoom:7")
        assert 200 == visitor.status, odd
    assert page == await saved(server, page)


async def test_an_answer_is_in_both_places_that_the_host_reads(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    event_type = an_event_type(questions=(TOPIC, FISH, Question("new", "New here?", "yes_no")))
    page = await server.memory.page(a_page(host, event_type, meeting_types=(at_the_harbour,)))
    guest = {"name": "Ana", "email": "ana@guests.example", "timezone": "Europe/Paris"}
    body = {
        "start": TUESDAY_AT_TEN,
        "meeting_type": "in_person",
        "guest": guest,
        "answers": {"topic": "Nets & <b>boats</b>", "fish": "Cod", "new": "no"},
    }
    await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=body)
    await server.memory.work_off()
    client = await server.host_client(host)
    [booking] = (await client.get(f"{API}/bookings?status=upcoming")).json()["items"]

    # What is asked later changes nothing about what was answered.
    await sends(visitor, page, question__0__label="Why?", question=["0"])
    told = (await client.get(f"{API}/bookings/{booking['id']}")).json()
    await visitor.opens(f"/bookings/{booking['id']}")

    answers = [("What is it about?", "Nets & <b>boats</b>"), ("Which fish?", "Cod"), ("New here?", "no")]
    assert answers == [(each["question"], each["answer"]) for each in told["answers"]]
    for question, answer in answers:
        assert f"{question} {answer}" in visitor.text


async def test_answers_are_mailed_to_both_sides(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, an_event_type(questions=(TOPIC,)), meeting_types=(at_the_harbour,)))
    body = {
        "start": TUESDAY_AT_TEN,
        "meeting_type": "in_person",
        "guest": {"name": "Ana", "email": "ana@guests.example", "timezone": "Europe/Paris"},
        "answers": {"topic": "Nets"},
    }

    await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=body)
    await server.memory.work_off()

    mails = [*server.memory.mailer.mails_to("host"), *server.memory.mailer.mails_to("guest")]
    assert 2 * [(Answer("What is it about?", "Nets"),)] == [each.booking.answers for each in mails]

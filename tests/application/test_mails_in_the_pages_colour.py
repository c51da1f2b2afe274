"""Mails wear the colour of the page that was booked."""

import msgspec

from tests.support.booked import Booked
from tests.support.builders import A_DAY, a_host, a_page, at_the_harbour


async def test_both_sides_mails_and_the_reminder_have_the_colour_of_the_page() -> None:
    host = a_host()
    page = msgspec.structs.replace(a_page(host, meeting_types=(at_the_harbour,)), brand_color="#ffd400")
    booked = await Booked.on(at_the_harbour, page=page, host=host)

    await booked.work_off()
    await booked.work_off(after=2 * A_DAY)
    await booked.work_off(after=A_DAY / 12)

    mails = [*booked.memory.mailer.mails_to("guest"), *booked.memory.mailer.mails_to("host")]
    assert [("confirmed", "#ffd400"), ("reminder", "#ffd400"), ("confirmed", "#ffd400")] == [
        (mail.kind, mail.brand_color) for mail in mails
    ]


async def test_a_page_without_a_colour_gives_its_mails_none() -> None:
    booked = await Booked.on(at_the_harbour)

    await booked.work_off()

    assert {None} == {mail.brand_color for mail in booked.memory.mailer.mails_to("guest")}

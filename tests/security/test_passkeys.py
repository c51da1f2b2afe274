"""Passkeys: what they let in, and what they don't."""

from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import pytest

from adapters.memory.passkeys import MemoryAnswer
from application.accounts.api_tokens import NewApiToken
from application.actor import HostActor, Program
from application.ports.account_storage import MailToken
from application.ports.accounts import OpenSession
from application.ports.notices import PasskeyGone
from domain.errors import Forbidden, InvalidInput, NotFound, Unauthorized
from domain.host import Host
from domain.ids import ApiTokenId, PasskeyId
from domain.origin import Origin
from domain.passkey import MOST_PASSKEYS
from domain.security_events import PasskeyAdded, PasskeyRemoved, SecurityEvent, SessionStarted, SignInFailed
from domain.session import CONFIRMED_FOR
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import a_signed_in_host

PASSWORD = "correct horse"
BROWSER, ANOTHER = "a secret of this browser", "a secret of another browser"
ORIGIN = Origin("203.0.113.7", "Firefox", "Windows")
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Key:
    """A passkey on the host's phone; the relying party in memory believes it."""

    credential_id: bytes = b"phone"
    secret: bytes = b"secret"
    sign_count: int = 0
    accepted: bool = True

    def answers(self, challenge: str) -> str:
        answer = MemoryAnswer(challenge, self.credential_id, self.secret, self.sign_count, self.accepted)
        return msgspec.json.encode(answer).decode()


PHONE = Key()


async def signed_in(memory: MemoryApp, host: Host) -> HostActor:
    browser = await memory.app.sign_in(host.email, PASSWORD)
    return acting(await memory.app.identify_session(browser.session))


def acting(session: OpenSession | None) -> HostActor:
    assert session
    return HostActor(session.host.id, origin=ORIGIN, session=session.id, confirmed_at=session.confirmed_at)


async def added(memory: MemoryApp, actor: HostActor, key: Key = PHONE, name: str = "Phone") -> PasskeyId:
    wish = await memory.app.begin_adding_passkey(actor, name, PASSWORD)
    await memory.app.add_passkey(actor, wish.name, key.answers(wish.options))
    [made] = [each for each in await memory.app.list_passkeys(actor) if each.credential_id == key.credential_id]
    return made.id


async def signs_in(memory: MemoryApp, key: Key = PHONE, browser: str = BROWSER) -> OpenSession:
    challenge = await memory.app.sign_in_with_passkey.challenge(browser)
    signed_in = await memory.app.sign_in_with_passkey(browser, key.answers(challenge), ORIGIN)
    session = await memory.app.identify_session(signed_in.session)
    assert session
    return session


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


@pytest.fixture
async def host(memory: MemoryApp) -> Host:
    return await memory.host(password=PASSWORD)


@pytest.fixture
async def actor(memory: MemoryApp, host: Host) -> HostActor:
    return await signed_in(memory, host)


async def log_of(memory: MemoryApp, host: Host) -> tuple[SecurityEvent, ...]:
    """What is kept for the host, the latest first."""
    async with memory.store.begin() as uow:
        return await uow.security_log.of(host.id, memory.clock() - timedelta(days=1), 20)


async def refused(memory: MemoryApp, answer: str, browser: str = BROWSER) -> str:
    with pytest.raises(Unauthorized) as refusal:
        await memory.app.sign_in_with_passkey(browser, answer, ORIGIN)
    return refusal.value.why


async def test_a_browser_that_was_signed_out_while_its_request_came_in_gets_no_passkey(
    memory: MemoryApp, actor: HostActor
) -> None:
    wish = await memory.app.begin_adding_passkey(actor, "Phone", PASSWORD)
    await memory.app.disown(HostActor(actor.host_id))

    with pytest.raises(Unauthorized):
        await memory.app.add_passkey(actor, wish.name, PHONE.answers(wish.options))

    assert () == await memory.app.list_passkeys(HostActor(actor.host_id))


async def test_a_host_signs_in_with_a_passkey_and_still_with_the_password(
    memory: MemoryApp, host: Host, actor: HostActor
) -> None:
    await added(memory, actor)
    memory.clock.advance(A_SECOND)

    assert host == (await signs_in(memory)).host
    assert await memory.app.sign_in(host.email, PASSWORD)
    [passkey] = await memory.app.list_passkeys(actor)
    assert memory.clock() == passkey.last_used_at
    assert SessionStarted(host_id=host.id, at=memory.clock(), origin=ORIGIN, way="passkey") in await log_of(
        memory, host
    )


async def test_an_answer_is_good_once(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    answer = PHONE.answers(await memory.app.sign_in_with_passkey.challenge(BROWSER))
    await memory.app.sign_in_with_passkey(BROWSER, answer, ORIGIN)

    assert "passkey-too-late" == await refused(memory, answer)


async def test_a_refused_answer_uses_the_challenge_up(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    challenge = await memory.app.sign_in_with_passkey.challenge(BROWSER)

    assert "passkey-refused" == await refused(memory, replace(PHONE, accepted=False).answers(challenge))
    assert "passkey-too-late" == await refused(memory, PHONE.answers(challenge))


async def test_an_answer_is_good_in_its_own_browser_and_for_five_minutes(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    answer = PHONE.answers(await memory.app.sign_in_with_passkey.challenge(BROWSER))

    assert "passkey-too-late" == await refused(memory, answer, ANOTHER)
    assert "passkey-too-late" == await refused(memory, answer, "")
    memory.clock.advance(timedelta(minutes=5))
    assert "passkey-too-late" == await refused(memory, answer)


async def test_an_answer_for_one_purpose_serves_no_other(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    session = actor.in_person()
    to_add = (await memory.app.begin_adding_passkey(actor, "Laptop", PASSWORD)).options
    to_confirm = await memory.app.confirm_with_passkey.challenge(actor)
    to_sign_in = await memory.app.sign_in_with_passkey.challenge(session)

    assert "passkey-too-late" == await refused(memory, PHONE.answers(to_add), session)
    assert "passkey-too-late" == await refused(memory, PHONE.answers(to_confirm), session)
    with pytest.raises(Unauthorized):
        await memory.app.confirm_with_passkey(actor, PHONE.answers(to_sign_in))
    with pytest.raises(Unauthorized):
        await memory.app.add_passkey(actor, "Laptop", replace(PHONE, credential_id=b"laptop").answers(to_confirm))
    assert 1 == len(await memory.app.list_passkeys(actor))


async def test_a_challenge_that_was_made_up_lets_nobody_in(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)

    assert "passkey-too-late" == await refused(memory, PHONE.answers("made up"))


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (replace(PHONE, credential_id=b"unknown"), "passkey-unknown"),
        (replace(PHONE, secret=b"another"), "passkey-refused"),
        (replace(PHONE, accepted=False), "passkey-refused"),
    ],
)
async def test_another_key_is_refused_and_noted(memory: MemoryApp, actor: HostActor, key: Key, why: str) -> None:
    await added(memory, actor)

    assert why == await refused(memory, key.answers(await memory.app.sign_in_with_passkey.challenge(BROWSER)))
    assert 1 == memory.watch.counts["failure"]


async def test_an_authenticator_whose_count_goes_back_is_refused(
    memory: MemoryApp, host: Host, actor: HostActor
) -> None:
    await added(memory, actor, replace(PHONE, sign_count=7))
    await signs_in(memory, replace(PHONE, sign_count=8))

    for count in (8, 1, 0):
        answer = replace(PHONE, sign_count=count).answers(await memory.app.sign_in_with_passkey.challenge(BROWSER))
        assert "passkey-refused" == await refused(memory, answer)
    failed = SignInFailed(host_id=host.id, at=memory.clock(), origin=ORIGIN, way="passkey")
    assert (failed,) * 3 == (await log_of(memory, host))[:3]
    assert await signs_in(memory, replace(PHONE, sign_count=9))


async def test_adding_a_passkey_takes_the_password_again(memory: MemoryApp, actor: HostActor) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await memory.app.begin_adding_passkey(actor, "Phone", "wrong")

    assert ["password"] == [each.field for each in refusal.value.faults]
    assert () == await memory.app.list_passkeys(actor)


async def test_a_passkey_is_added_in_the_session_that_asked_for_it(
    memory: MemoryApp, host: Host, actor: HostActor
) -> None:
    wish = await memory.app.begin_adding_passkey(actor, "Phone", PASSWORD)
    stranger = await signed_in(memory, await memory.host(password=PASSWORD))

    for other in (stranger, await signed_in(memory, host)):
        with pytest.raises(Unauthorized):
            await memory.app.add_passkey(other, "Phone", PHONE.answers(wish.options))
        assert () == await memory.app.list_passkeys(other)


async def test_a_known_authenticator_is_not_added_again_by_anybody(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    stranger = await signed_in(memory, await memory.host(password=PASSWORD))

    for other in (actor, stranger):
        wish = await memory.app.begin_adding_passkey(other, "Again", PASSWORD)
        with pytest.raises(Unauthorized):
            await memory.app.add_passkey(other, "Again", PHONE.answers(wish.options))


async def test_there_is_an_end_to_passkeys(memory: MemoryApp, actor: HostActor) -> None:
    for number in range(MOST_PASSKEYS):
        await added(memory, actor, replace(PHONE, credential_id=bytes([number])), f"Phone {number}")

    with pytest.raises(InvalidInput):
        await memory.app.begin_adding_passkey(actor, "One more", PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
async def test_a_passkey_has_a_name(memory: MemoryApp, actor: HostActor, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await memory.app.begin_adding_passkey(actor, name, PASSWORD)

    assert ["passkey_name"] == [each.field for each in refusal.value.faults]


async def test_removing_a_passkey_takes_the_password_and_then_it_lets_nobody_in(
    memory: MemoryApp, actor: HostActor
) -> None:
    passkey = await added(memory, actor)
    with pytest.raises(InvalidInput):
        await memory.app.remove_passkey(actor, passkey, "wrong")
    assert await signs_in(memory)

    await memory.app.remove_passkey(actor, passkey, PASSWORD)

    answer = PHONE.answers(await memory.app.sign_in_with_passkey.challenge(BROWSER))
    assert "passkey-unknown" == await refused(memory, answer)


async def test_another_hosts_passkey_is_neither_renamed_nor_removed(memory: MemoryApp, actor: HostActor) -> None:
    passkey = await added(memory, actor)
    stranger = await signed_in(memory, await memory.host(password=PASSWORD))

    with pytest.raises(NotFound):
        await memory.app.rename_passkey(stranger, passkey, "Mine")
    with pytest.raises(NotFound):
        await memory.app.remove_passkey(stranger, passkey, PASSWORD)
    assert "Phone" == (await memory.app.list_passkeys(actor))[0].name


async def test_a_passkey_is_renamed(memory: MemoryApp, actor: HostActor) -> None:
    passkey = await added(memory, actor)

    await memory.app.rename_passkey(actor, passkey, " Anna’s  phone ")

    assert ["Anna’s phone"] == [each.name for each in await memory.app.list_passkeys(actor)]


A_SCRIPT = NewApiToken("Script", ("pages:read",))


async def test_a_passkey_stands_in_for_the_password_for_five_minutes(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)
    session = await signs_in(memory)

    assert await memory.app.issue_api_token(acting(session), A_SCRIPT)
    memory.clock.advance(CONFIRMED_FOR)
    with pytest.raises(InvalidInput):
        await memory.app.issue_api_token(acting(session), A_SCRIPT)


async def test_a_session_by_password_is_confirmed_with_a_passkey_and_no_other_session_is(
    memory: MemoryApp, host: Host
) -> None:
    tokens = [(await memory.app.sign_in(host.email, PASSWORD)).session for _ in range(2)]
    here, elsewhere = [acting(await memory.app.identify_session(each)) for each in tokens]
    passkey = await added(memory, here)

    await memory.app.confirm_with_passkey(here, PHONE.answers(await memory.app.confirm_with_passkey.challenge(here)))

    here, elsewhere = [acting(await memory.app.identify_session(each)) for each in tokens]
    with pytest.raises(InvalidInput):
        await memory.app.remove_passkey(elsewhere, passkey, "")
    await memory.app.remove_passkey(here, passkey, "")


async def test_another_hosts_passkey_confirms_nothing(memory: MemoryApp, actor: HostActor) -> None:
    stranger = await signed_in(memory, await memory.host(password=PASSWORD))
    await added(memory, stranger)

    with pytest.raises(Unauthorized):
        challenge = await memory.app.confirm_with_passkey.challenge(actor)
        await memory.app.confirm_with_passkey(actor, PHONE.answers(challenge))


async def test_a_program_touches_no_passkeys(memory: MemoryApp, host: Host) -> None:
    program = HostActor(host.id, program=Program(ApiTokenId("one")))

    with pytest.raises(Forbidden):
        await memory.app.begin_adding_passkey(program, "Backdoor", PASSWORD)
    with pytest.raises(Forbidden):
        await memory.app.confirm_with_passkey.challenge(program)


async def test_a_closed_account_lets_no_passkey_in(memory: MemoryApp, host: Host, actor: HostActor) -> None:
    await added(memory, actor)
    challenge = await memory.app.sign_in_with_passkey.challenge(BROWSER)
    await memory.app.delete_account(actor, host.handle, PASSWORD, cancel_bookings=True)

    assert "passkey-unknown" == await refused(memory, PHONE.answers(challenge))


async def test_a_reset_by_who_never_confirmed_the_address_removes_the_passkeys_of_who_signed_up(
    memory: MemoryApp,
) -> None:
    squatted = await memory.host(password=PASSWORD)
    async with memory.store.begin() as uow:
        uow.accounts.confirm_email(squatted.id, None)
    await added(memory, await signed_in(memory, squatted))
    await memory.app.ask_for_mail("reset", squatted.email)
    await memory.work_off()
    token = getattr(memory.mailer.notices[-1].about, "token", "")

    await memory.app.reset_password(token, "battery staple")

    answer = PHONE.answers(await memory.app.sign_in_with_passkey.challenge(BROWSER))
    assert "passkey-unknown" == await refused(memory, answer)


async def test_the_host_is_mailed_and_the_log_notes_what_happens_to_passkeys(
    memory: MemoryApp, host: Host, actor: HostActor
) -> None:
    passkey = await added(memory, actor)
    await memory.app.remove_passkey(actor, passkey, PASSWORD)
    await memory.work_off()

    assert ["NewPasskey", "PasskeyGone"] == [type(each.about).__name__ for each in memory.mailer.notices]
    assert "Phone" not in str(memory.mailer.notices)
    events = [each for each in await log_of(memory, host) if isinstance(each, PasskeyAdded | PasskeyRemoved)]
    at = memory.clock()
    assert [
        PasskeyRemoved(host_id=host.id, at=at, origin=ORIGIN, name="Phone"),
        PasskeyAdded(host_id=host.id, at=at, origin=ORIGIN, name="Phone"),
    ] == events


async def test_the_export_names_passkeys_without_their_keys(memory: MemoryApp, actor: HostActor) -> None:
    await added(memory, actor)

    exported = msgspec.json.encode((await memory.app.export_data(actor)).passkeys).decode()

    assert "Phone" in exported
    assert "key" not in exported


async def test_where_browsers_make_none_there_are_no_passkeys() -> None:
    memory = MemoryApp(relying_party=None)
    actor = await signed_in(memory, await memory.host(password=PASSWORD))

    with pytest.raises(NotFound):
        await memory.app.begin_adding_passkey(actor, "Phone", PASSWORD)
    with pytest.raises(NotFound):
        await memory.app.sign_in_with_passkey.challenge(BROWSER)


async def test_a_refused_passkey_is_no_wrong_password_in_the_hosts_list(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await added(server.memory, await signed_in(server.memory, host))
    answer = replace(PHONE, accepted=False).answers(await server.memory.app.sign_in_with_passkey.challenge(BROWSER))
    await refused(server.memory, answer)

    await visitor.opens("/settings/profile")

    assert "Passkey refused" in visitor.text
    assert "Wrong password" not in visitor.text


async def test_whoever_removes_passkeys_without_a_password_is_told_of_by_mail(
    memory: MemoryApp, host: Host, actor: HostActor
) -> None:
    # A stolen session is enough for it, as it has to be for the host who finds somebody else in the account.
    await memory.app.disown(actor)
    await added(memory, actor)
    await memory.work_off()
    assert ["NewPasskey"] == [type(each.about).__name__ for each in memory.mailer.notices]

    await memory.app.disown(actor)
    await memory.work_off()

    assert ("PasskeyGone", host.email) == (
        type(memory.mailer.notices[-1].about).__name__,
        memory.mailer.notices[-1].to.email,
    )
    assert () == await memory.app.list_passkeys(actor)


@pytest.mark.parametrize("by_who_signed_up", [True, False])
async def test_no_passkey_of_who_signed_up_outlives_a_confirmation_by_somebody_else(
    memory: MemoryApp, *, by_who_signed_up: bool
) -> None:
    # The owner of the address presses the mailed button, and would set a new password later: the passkey stayed.
    host = await memory.host(password=PASSWORD, confirmed=False)
    signer = await signed_in(memory, host)
    await added(memory, signer)
    async with memory.store.begin() as uow:
        uow.mail_tokens.remember("mailed", MailToken(host.id, "confirm", host.email, memory.clock() + A_SECOND))

    await memory.app.confirm_email("mailed", signer if by_who_signed_up else None)
    await memory.work_off()

    assert by_who_signed_up == bool(await memory.app.list_passkeys(signer))
    assert by_who_signed_up == (PasskeyGone() not in [each.about for each in memory.mailer.notices])

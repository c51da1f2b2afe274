"""What holds for every provider's sandbox alike; what is one provider's own is tested beside it."""

import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sandbox.asgi import mounted
from adapters.sandbox.serve import serving
from adapters.sandbox.switches import AnyFailure
from tests.adapters.sandbox.worlds import WORLDS, World
from tests.adapters.sandbox.zoom_app import SetClock, returned

NAMES = [world.name for world in WORLDS]
EVERY = pytest.mark.parametrize("world", WORLDS, indirect=True, ids=NAMES)
EACH = pytest.mark.parametrize("kind", WORLDS, ids=NAMES)


@pytest.fixture
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    kind: type[World] = request.param
    async with kind.opened() as opened:
        yield opened


@EVERY
async def test_what_the_app_sends_is_escaped_on_the_consent_page(world: World) -> None:
    shown = (await world.http.get(world.authorize, params=world.app.asks(state='"><script>x</script>'))).text

    assert "&lt;script&gt;" in shown
    assert "<script" not in shown


@EVERY
async def test_allowing_sends_the_person_back_with_a_code_and_the_state(world: World) -> None:
    response = await world.app.decides()

    assert response.headers["location"].startswith(f"{world.callback}?")
    assert {"code", "state"} == returned(response).keys() - {"scope"}
    assert "opaque state/1" == returned(response)["state"]


@EVERY
async def test_declining_sends_the_person_back_with_access_denied(world: World) -> None:
    back = returned(await world.app.decides("decline"))

    assert ("access_denied", "opaque state/1") == (back["error"], back["state"])


@EVERY
async def test_an_unticked_permission_is_missing_from_the_answer(world: World) -> None:
    whole, little = await world.app.connects(), await world.connects_without_permission()

    assert (True, False) == (world.scope in whole["scope"].split(), world.scope in little["scope"].split())


@EVERY
async def test_a_code_works_once(world: World) -> None:
    code = await world.app.code()
    first, again = await world.app.redeems(code), await world.app.redeems(code)

    assert (200, 400) == (first.status_code, again.status_code)
    assert again.json()["error"] in {"invalid_grant", "invalid_request"}


@EVERY
async def test_a_code_runs_out(world: World) -> None:
    in_time, late = await world.app.code(), await world.app.code()
    world.clock.time += world.code_life - (second := world.code_life / 300)
    redeemed = await world.app.redeems(in_time)
    world.clock.time += second

    assert (200, 400) == (redeemed.status_code, (await world.app.redeems(late)).status_code)


@EVERY
async def test_an_access_token_lives_an_hour(world: World) -> None:
    token = world.sandbox.authorize(world.one).access_token
    world.clock.pass_by(minutes=59, seconds=59)
    in_time = await world.makes(token)
    world.clock.pass_by(seconds=1)
    expired = await world.makes(token)

    assert in_time.is_success
    assert httpx.codes.UNAUTHORIZED == expired.status_code
    assert all(words in expired.text for words in world.expired)


@EVERY
@pytest.mark.parametrize("token", ["", "made-up"])
async def test_a_made_up_refresh_token_is_refused(world: World, token: str) -> None:
    refused = await world.app.refreshes(token)

    assert (400, True) == (refused.status_code, refused.json()["error"] in {"invalid_grant", "invalid_request"})


@EVERY
async def test_a_token_in_the_query_string_is_none(world: World) -> None:
    token = world.sandbox.authorize(world.one).access_token

    refused = await world.http.post(world.creates, params={"access_token": token}, json={})

    assert httpx.codes.UNAUTHORIZED == refused.status_code


@EACH
async def test_tokens_codes_and_what_was_made_survive_a_restart(kind: type[World], tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "state" / "sandbox.sqlite"
    async with kind.opened(path, clock) as before:
        tokens = await before.app.connects()
        code = await before.app.code(account=before.other)
        await before.makes(tokens["access_token"])

    async with kind.opened(path, clock) as after:
        assert 1 == len(after.all_made)
        assert (await after.makes(tokens["access_token"])).is_success
        assert (await after.app.refreshes(tokens["refresh_token"])).is_success
        assert (await after.app.redeems(code)).is_success


@EACH
async def test_a_removal_survives_a_restart(kind: type[World], tmp_path: Path) -> None:
    clock, path = SetClock(), tmp_path / "sandbox.sqlite"
    async with kind.opened(path, clock) as before:
        tokens = before.sandbox.authorize(before.one)
        await before.http.post(before.connections, data={"remove": before.one.id})

    async with kind.opened(path, clock) as after:
        assert httpx.codes.BAD_REQUEST == (await after.app.refreshes(tokens.refresh_token)).status_code
        assert httpx.codes.UNAUTHORIZED == (await after.makes(tokens.access_token)).status_code
        assert [] == after.sandbox.grants.live()


@EACH
def test_no_token_stands_in_the_file(kind: type[World], tmp_path: Path) -> None:
    sandbox: Any
    with kind.sandbox_at(tmp_path / "sandbox.sqlite", SetClock()) as sandbox:
        tokens = sandbox.authorize(kind.one)

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert stored
    assert tokens.access_token.encode() not in stored
    assert tokens.refresh_token.encode() not in stored


@pytest.mark.parametrize(
    ("world", "failure"),
    [(kind, failure) for kind in WORLDS for failure in kind.failures],
    indirect=["world"],
)
async def test_every_failure_happens_once_wherever_it_can(world: World, failure: AnyFailure) -> None:
    for endpoint in failure.where:
        world.sandbox.fail(failure, on=endpoint, seconds=0.0)

        with suppress(httpx.TransportError):
            await world.calls(endpoint)
        right = await world.calls(endpoint)

        happened = [seen.failure for seen in world.sandbox.arrived(endpoint)][-2:]
        assert (endpoint, [failure, None]) == (endpoint, happened)
        assert right.status_code < httpx.codes.BAD_REQUEST
    assert failure.says


@EVERY
@pytest.mark.parametrize(("failure", "made"), [("drop-before", 0), ("drop-after", 1)])
async def test_the_line_may_close_without_an_answer(world: World, failure: str, made: int) -> None:
    token = world.sandbox.authorize(world.one).access_token
    world.sandbox.fail(failure, on=world.failures(failure).where[0])

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await world.makes(token)

    assert made == len(world.all_made)
    assert [None] == [seen.status for seen in world.sandbox.requests]


@EVERY
async def test_every_page_says_that_it_is_not_the_real_one_and_runs_no_script(world: World) -> None:
    others = {name.title() for name in NAMES} - {world.name.title()}
    for path in world.pages:
        page = await world.http.get(path)

        assert httpx.codes.OK == page.status_code
        assert f"Sandbox {world.name.title()} – not the real {world.name.title()}" in page.text
        assert not any(other in page.text for other in others)
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


@EVERY
async def test_what_people_click_is_not_among_the_requests(world: World) -> None:
    for path in (*world.pages, "/sandbox.css", "/control", "/favicon.ico"):
        assert (await world.http.get(path)).is_success

    assert [] == world.sandbox.requests


@EVERY
@pytest.mark.parametrize(("method", "path"), [("POST", "/nowhere"), ("PUT", "/control"), ("DELETE", "{creates}")])
async def test_what_nothing_answers_is_refused_and_remembered_whole(world: World, method: str, path: str) -> None:
    path = path.format(creates=world.creates)

    answer = await world.http.request(method, path, content=b"lost")

    [seen] = world.sandbox.requests
    assert answer.is_client_error
    assert answer.status_code == seen.status
    assert (f"{method} {path}", b"lost") == (seen.operation, seen.body)


@EVERY
async def test_the_list_of_requests_masks_every_secret(world: World) -> None:
    tokens = await world.app.connects()
    await world.makes(tokens["access_token"])
    await world.app.refreshes(tokens["refresh_token"])
    await world.http.get(world.creates, params={"access_token": tokens["access_token"]})

    shown = (await world.http.get("/requests")).text

    assert f"POST {world.creates}" in shown
    for secret in (*world.sandbox.secrets, world.sandbox.client_secret, "a-verifier-of-more"):
        assert secret not in shown


@EVERY
async def test_failures_are_switched_on_and_put_right_on_their_page(world: World) -> None:
    token = world.sandbox.authorize(world.one).access_token
    form = {"failure": "server-error", "on": "", "times": "1", "always": "on", "seconds": ""}
    await world.http.post("/switches", data=form)
    failing = [(await world.makes(token)).status_code for _ in range(2)]
    shown = (await world.http.get("/switches")).text

    await world.http.post("/switches", data={"works": "all"})

    assert [500, 500] == failing
    assert "until put right" in shown
    assert all(failure in shown for failure in world.failures)
    assert (await world.makes(token)).is_success


@EVERY
async def test_a_wrong_choice_of_failure_is_explained(world: World) -> None:
    page = await world.http.post("/switches", data={"failure": world.limited, "on": "refresh", "times": "1"})

    assert httpx.codes.BAD_REQUEST == page.status_code
    assert "happen at refresh" in page.text


@EVERY
async def test_another_process_can_see_and_change_everything(world: World) -> None:
    tokens = world.sandbox.authorize(world.one)
    body = {"fail": [{"failure": world.limited, "times": None}], "latency": 0.001}
    await world.http.post("/control", json=body)
    await world.makes(tokens.access_token)

    state = (await world.http.post("/control", json={"works": "all", "remove": world.one.email})).json()

    assert [{"number": 1, "operation": f"POST {world.creates}", "failure": world.limited, "status": 429}] == state[
        "requests"
    ]
    assert ([], [], [], 0.001) == (
        state["switches"],
        state[world.connected],
        state[world.made],
        state["latency"],
    )
    assert tokens.access_token not in str(state)


@EVERY
async def test_access_tokens_run_out_on_command(world: World) -> None:
    token = world.sandbox.authorize(world.one).access_token

    await world.http.post("/control", json={"expire_access_tokens": True})

    assert httpx.codes.UNAUTHORIZED == (await world.makes(token)).status_code


@EVERY
@pytest.mark.parametrize("body", [{"fail": [{"failure": "no-such"}]}, {"other": 1}, {"works": "x"}, {"remove": "x"}])
async def test_a_wrong_command_is_explained(world: World, body: dict[str, object]) -> None:
    answer = await world.http.post("/control", json=body)

    assert httpx.codes.BAD_REQUEST == answer.status_code
    assert answer.json()["problem"]


@EVERY
@pytest.mark.parametrize("base_url", [None, "https://demo.example/sandbox/here"])
async def test_links_and_forms_stay_under_the_prefix(world: World, base_url: str | None) -> None:
    sandbox: Any
    with world.sandbox_at(None, world.clock, base_url=base_url) as sandbox:
        sandbox.authorize(world.one)
        app = mounted({"/sandbox/here": sandbox.app}, otherwise=world.sandbox.app)
        async with (
            serving(app) as url,
            httpx.AsyncClient(base_url=f"{url}/sandbox/here", trust_env=False, verify=False) as http,
        ):
            pages = [await http.get(path) for path in ("", *world.pages)]
            pages.append(await http.get(world.authorize, params=world.app.asks(client_id=sandbox.client_id)))
            moved = await http.post("/switches", data={"works": "all"})

    for page in pages:
        assert httpx.codes.OK == page.status_code
        for link in re.findall(r'(?:href|action)="([^"]+)"', page.text):
            assert link == "data:," or link.startswith("/sandbox/here/")
    assert "/sandbox/here/switches" == moved.headers["location"]

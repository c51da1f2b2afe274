"""The wheel holds everything: installed alone, it runs the demo."""

import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.operations.building import VERSION, uv
from tests.support.processes import answers, free_port, start


@pytest.fixture(scope="module")
def timetuna(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command, installed from a new wheel into an environment that knows nothing of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", str(folder))
    [wheel] = folder.glob("*.whl")
    pins = folder / "pins.txt"
    pins.write_text(uv("export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes"))
    uv("venv", "--quiet", str(folder / "env"))
    uv("pip", "install", "--quiet", "--python", str(folder / "env"), "--constraints", str(pins), str(wheel))
    return str(folder / "env" / "bin" / "timetuna")


def test_it_is_of_the_version_that_the_project_has(timetuna: str) -> None:
    said = subprocess.run([timetuna, "--version"], cwd="/", capture_output=True, text=True, check=True).stdout

    assert f"timetuna {VERSION}\n" == said


async def test_the_demo_runs_from_it(timetuna: str, tmp_path: Path) -> None:
    port = free_port()
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    arguments = ("demo", "--port", str(port), "--data", str(tmp_path / "data"))
    demo = await start(tmp_path / "demo.log", timetuna, *arguments, environ=environ)
    try:
        await answers(f"http://127.0.0.1:{port}/readyz", demo)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as client:
            page = await client.get("/anna", headers={"accept-language": "de"})
            [static] = {found.rpartition("/")[0] for found in re.findall(r'href="([^"]+timetuna\.css)"', page.text)}
            files = [await client.get(f"{static}/{name}") for name in ("timetuna.css", "figtree.woff2")]
            mailbox, zoom = await client.get("/mailbox/"), await client.get("/sandbox/zoom/")

        assert 'lang="de"' in page.text
        assert [200] * 5 == [each.status_code for each in (page, *files, mailbox, zoom)]
        assert 0 == await demo.stop(signal.SIGINT), demo.says()
    finally:
        await demo.kill()

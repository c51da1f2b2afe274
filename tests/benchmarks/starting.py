"""How soon processes are there, and what they hold while nobody asks for anything.

In an environment of their own, with what an installation has: the tools of development bring packages that Litestar
imports where it finds them.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.benchmarks.table import Row
from tests.support.deployment import Deployment, deployed
from tests.support.processes import ROOT, Running, answers, free_port, start

STARTS = 5


class StartingMeasured(msgspec.Struct, frozen=True):
    """Medians, in seconds; memory in bytes by process, each page that several share being counted once."""

    help: float
    serve: float
    memory: dict[str, int]


async def measured_starting(url: str, folder: Path) -> list[Row]:
    print("… measuring starts", file=sys.stderr)
    timetuna = _installed(folder / "installed")
    (folder / "starting").mkdir()
    async with deployed(url, folder / "starting") as deployment:
        helps = [await _until_it_ends(timetuna, folder / "starting" / "help.log") for _ in range(STARTS)]
        serves = [await _until_it_is_ready(timetuna, deployment, number) for number in range(STARTS)]
        memory = await _memory(timetuna, deployment)
    return _rows(StartingMeasured(statistics.median(helps), statistics.median(serves), memory))


def _rows(measured: StartingMeasured) -> list[Row]:
    total = sum(measured.memory.values()) / 2**20
    parts = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in measured.memory.items())
    return [
        Row("`timetuna --help`", f"{measured.help:.2f} s", "", "≤ 0.4 s", measured.help <= 0.4),
        Row("start of `timetuna serve`, until ready", f"{measured.serve:.2f} s", "", "≤ 1 s", measured.serve <= 1),
        Row(
            "idle memory of web + worker", f"{total:.0f} MiB", f"shared pages once; {parts}", "≤ 200 MiB", total <= 200
        ),
    ]


def _installed(place: Path) -> str:
    environ = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(place), "UV_COMPILE_BYTECODE": "1"}
    command = ("sh", ".ci/uv", "sync", "--quiet", "--frozen", "--no-dev")
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    return str(place / "bin" / "timetuna")


async def _until_it_ends(timetuna: str, output: Path) -> float:
    began = time.perf_counter()
    await (await start(output, timetuna, "--help")).process.wait()
    return time.perf_counter() - began


async def _until_it_is_ready(timetuna: str, deployment: Deployment, number: int) -> float:
    port = free_port()
    output = deployment.folder / f"serve-{number}.log"
    began = time.perf_counter()
    running = await start(output, timetuna, "serve", "--port", str(port), environ=deployment.environ)
    deployment.running.append(running)
    await answers(f"http://127.0.0.1:{port}/readyz", running)
    took = time.perf_counter() - began
    await running.kill()
    return took


async def _memory(timetuna: str, deployment: Deployment) -> dict[str, int]:
    async def start_installed(output: Path, *arguments: str, environ: Mapping[str, str]) -> Running:
        return await start(output, timetuna, *arguments, environ=environ)

    deployment.start = start_installed
    await deployment.web()
    worker = await deployment.workers()
    [web] = deployment.webs.values()
    return {"web": _proportional(web.process.pid), "worker": _proportional(worker.process.pid)}


def _proportional(pid: int) -> int:
    """What a process and its children hold; a page that several processes share counts in equal parts for each."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    [own] = [int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")]
    return own + sum(_proportional(int(child)) for child in children)

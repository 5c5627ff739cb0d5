"""A stop that was asked for, as ``make up`` meets it: requests under way are answered, and the next start finds everything."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from hitl.cli.commands import accounts
from hitl.cli.local.place import place_of
from hitl.cli.local.up_file import UP, read_up
from tests.faults.product_stop import STOPPED_WITHIN_S
from tests.load import Told, check, load
from tests.running import ACCOUNTS, ROOT, UP_WITHIN_S, Running, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

LOADED = 50
"""Cases, before the stop."""

POLLED_S = 4.0
"""The first half is the request's on its way, under load; the second is left of it when the stop is asked for."""


def is_up(service: Running) -> bool:
    state = read_up(service.place)
    try:
        return state is not None and state.phase == UP and httpx2.get(f"{state.url}/ready", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@contextmanager
def foreground(service: Running) -> Iterator["subprocess.Popen[bytes]"]:
    """``hitl up`` as a terminal runs it, once it is ready."""
    argv = [sys.executable, "-m", "hitl.cli", "up"]
    # A run in the background of a shell hands down an ignored Ctrl-C, which a terminal never does.
    heeds_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(argv, cwd=ROOT, env=service.environment(), stdout=subprocess.DEVNULL, preexec_fn=heeds_ctrl_c)
    try:
        until(lambda: is_up(service), UP_WITHIN_S)
        yield process
    finally:
        process.terminate()
        process.wait(2 * STOPPED_WITHIN_S)


def stopped(process: "subprocess.Popen[bytes]", how: signal.Signals) -> float:
    """Seconds from the signal to the end."""
    start = time.monotonic()
    process.send_signal(how)
    process.wait(2 * STOPPED_WITHIN_S)
    took_s = time.monotonic() - start
    print(f"{how.name}: ended with {process.returncode} after {took_s:.1f} s")  # noqa: T201 - a figure for the report
    return took_s


def polled(service: Running, case_id: str) -> list[int]:
    """The status of a request that is under way from now on, once it is answered."""
    found: list[int] = []
    connection = HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    headers = {"authorization": f"Bearer {service.keys['client']}"}
    connection.request("GET", f"/v1/decisions/{case_id}?wait={POLLED_S}", headers=headers)
    threading.Thread(target=lambda: found.append(connection.getresponse().status), daemon=True).start()
    time.sleep(POLLED_S / 2)
    return found


@pytest.fixture
def service(tmp_path: Path) -> Running:
    return Running(place_of(tmp_path), {})


async def test_a_stop_under_load_answers_what_is_under_way_and_the_next_start_finds_the_rest(service: Running) -> None:
    told, stop = Told(), asyncio.Event()
    with foreground(service) as first:
        service.keys.update(await asyncio.to_thread(accounts.issue_all, service.state.redis_url, ACCOUNTS))
        working = asyncio.create_task(load(service, told, stop, "drain"))
        await asyncio.to_thread(until, lambda: len(told.cases) >= LOADED)
        under_way = await asyncio.to_thread(polled, service, next(iter(told.cases.values()))["case_id"])
        assert await asyncio.to_thread(stopped, first, signal.SIGTERM) < STOPPED_WITHIN_S
        assert (first.returncode, under_way) == (128 + signal.SIGTERM, [200])
    acknowledged = len(told.cases)
    with foreground(service) as second:
        stop.set()
        await working
        counts = await asyncio.to_thread(check, service, told)
        assert acknowledged > 0
        assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)
        assert await asyncio.to_thread(stopped, second, signal.SIGINT) < STOPPED_WITHIN_S
        assert second.returncode == 0

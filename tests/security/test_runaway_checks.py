"""A client sends what a check takes for ever on, or leaves while it runs: the process ends, and nobody else waits for it."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from hitl.adapters.checkers import limited
from hitl.adapters.checkers.bandit import bandit
from hitl.adapters.checkers.limited import ProcessLimits, run_limited
from hitl.checks import Severity, check_content
from hitl.checks.secrets import secrets_in
from serve_app.api.services.checking import content_report
from tests.checks.test_content import BREAKS, KEEPS

SLEEPER = (sys.executable, "-c", "import sys, time; sys.stdin.close(); time.sleep(600)")
SPINNER = (sys.executable, "-c", "while True: pass")
GLUTTON = (sys.executable, "-c", "print(len(bytes(10**10)))")


def children() -> set[str]:
    """The ids of the processes that this one has started and that run."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return set(file.read().split())


@pytest.fixture
def before() -> set[str]:
    return children()


async def test_who_leaves_takes_the_process_along(before: set[str]) -> None:
    tasks = [asyncio.create_task(run_limited(SLEEPER, "x", ProcessLimits())) for _ in range(6)]
    for _ in range(200):
        await asyncio.sleep(0.01)
        if len(children() - before) == limited.AT_ONCE:
            break
    assert len(children() - before) == limited.AT_ONCE
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert children() - before == set()


async def test_a_process_that_only_computes_ends_by_its_processor_time(before: set[str]) -> None:
    start = monotonic()
    assert await run_limited(SPINNER, "", ProcessLimits(wall_s=60, cpu_s=1)) == b""
    assert monotonic() - start < 30
    assert children() - before == set()


async def test_a_process_that_waits_ends_by_the_clock(before: set[str]) -> None:
    with pytest.raises(TimeoutError):
        await run_limited(SLEEPER, "", ProcessLimits(wall_s=0.2))
    assert children() - before == set()


async def test_a_process_gets_no_more_than_its_memory() -> None:
    assert await run_limited(GLUTTON, "", ProcessLimits(memory=512 * 1024**2)) == b""


async def test_letters_that_are_none_end_no_check() -> None:
    assert list(secrets_in("\ud800")) == []
    assert [finding.severity for finding in await bandit("x = '\ud800'")] in ([], [Severity.UNKNOWN])


def test_a_secret_is_found_wherever_it_stands_in_a_long_line() -> None:
    key = "aws_key = 'AKIAIOSFODNN7EXAMPLA'"
    for at in (0, 550, 590, 1_150, 1_190, 150_000):
        assert {finding.rule for finding in secrets_in("x " * (at // 2) + key)} == {"secret"}


def test_a_secret_is_found_by_every_thread() -> None:
    text = "\n".join([*["nothing"] * 60, "aws_key = 'AKIAIOSFODNN7EXAMPLA'", *["nothing"] * 60])
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: tuple(secrets_in(text)), range(400)))
    assert [[finding.line for finding in each] for each in found] == [[61]]


async def test_the_service_finds_what_the_check_finds() -> None:
    text = "\n".join([each for _, each, _ in BREAKS] + KEEPS)
    policies = ["hate_speech", "confidential_data", "pii", "secrets"]
    assert (await content_report(text, policies)).plain() == check_content(text).plain()

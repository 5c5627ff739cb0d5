"""A replica whose start hangs ends, says where it hung, and is made anew."""

import asyncio
import faulthandler
import inspect
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ray import serve

from hitl.adapters.ray.start_limit import limit_start, note_started
from serve_app.api.deployment import ReviewDeployment
from serve_app.decisions.gateway_deployment import GatewayDeployment
from serve_app.decisions.predictor_deployment import PredictorDeployment
from serve_app.reconcilers.deployment import Reconcilers
from tests.local_serve import local_serve

HANGS = """
import time
from hitl.adapters.ray.start_limit import limit_start, note_started

def wait_for_a_driver():
    time.sleep(600)

limit_start(0.2)
{then}
"""


def ran(then: str) -> "subprocess.CompletedProcess[str]":
    script = HANGS.format(then=then)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)


def test_a_start_that_hangs_is_ended_and_tells_where() -> None:
    done = ran("wait_for_a_driver()")
    assert done.returncode == 1
    assert "wait_for_a_driver" in done.stderr


def test_what_has_started_lives_on() -> None:
    done = ran("note_started(); time.sleep(1); print('alive')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive\n", "")


class LimitedError(Exception):
    """Raised in the place of a limit, with its seconds."""


DEPLOYMENTS = [GatewayDeployment, PredictorDeployment, ReviewDeployment, Reconcilers]


def _own(deployment: Any) -> Any:
    """The class behind the one that ``serve.ingress`` puts around it."""
    return deployment if "Wrapper" not in deployment.__init__.__qualname__ else deployment.__mro__[1]


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_every_deployment_limits_its_start(deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def limit(seconds: float, **_: Any) -> None:
        raise LimitedError(seconds)

    monkeypatch.setattr(faulthandler, "dump_traceback_later", limit)
    constructor = _own(deployment).__init__
    required = [each for each in inspect.signature(constructor).parameters.values() if each.default is each.empty]
    others = [MagicMock() for _ in required[2:]]

    async def construct() -> None:
        begun = constructor(MagicMock(), SimpleNamespace(start_s=77.0), *others)
        if inspect.isawaitable(begun):
            await begun

    with pytest.raises(LimitedError, match=r"77\.0"):
        asyncio.run(construct())


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_the_first_look_at_health_lifts_the_limit(deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lifted = list[bool]()
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: lifted.append(True))
    replica = MagicMock(_loops=[])
    replica._watch.done.return_value = replica._following.done.return_value = False

    async def look() -> None:
        said = deployment.check_health(replica)
        if inspect.isawaitable(said):
            await said

    asyncio.run(look())
    assert lifted == [True]


@serve.deployment(ray_actor_options={"num_cpus": 0})
class HangsOnce:
    """Its first replica never starts."""

    def __init__(self, has_hung: Path) -> None:
        limit_start(2.0)
        if not has_hung.exists():
            has_hung.touch()
            time.sleep(3600)

    def check_health(self) -> None:
        note_started()

    def __call__(self) -> str:
        return "served"


@pytest.mark.slow
def test_serve_starts_another_replica_in_the_place_of_one_whose_start_hung(tmp_path: Path) -> None:
    has_hung = tmp_path / "hung"
    with local_serve():
        handle = serve.run(HangsOnce.bind(has_hung), route_prefix=None)
        assert has_hung.exists()
        assert handle.remote().result(timeout_s=10) == "served"

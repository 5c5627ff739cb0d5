"""A real controller of Serve that is stopped answers nobody, is ended, and comes back."""

import asyncio
import os
import signal
from contextlib import suppress

import pytest
import ray
from ray import serve

from hitl.adapters.ray.serve_controller import NAME, NAMESPACE, ServeController
from hitl.errors import Recovering
from tests.local_serve import local_serve
from tests.running import until

BACK_WITHIN_S = 60.0


def answers(controller: ServeController, within_s: float) -> bool:
    async def ask() -> bool:
        with suppress(TimeoutError, Recovering):
            async with asyncio.timeout(within_s):
                await controller.ping()
                return True
        return False

    return asyncio.run(ask())


def process_of_the_controller() -> int:
    return int(ray.get(ray.get_actor(NAME, NAMESPACE).get_pid.remote(), timeout=BACK_WITHIN_S))


@pytest.mark.slow
def test_a_controller_that_hangs_is_ended_and_comes_back() -> None:
    with local_serve():
        controller = ServeController()
        assert answers(controller, BACK_WITHIN_S)
        hangs = process_of_the_controller()
        os.kill(hangs, signal.SIGSTOP)
        assert not answers(controller, 2.0)
        asyncio.run(controller.end())
        until(lambda: answers(controller, 2.0), BACK_WITHIN_S)
        assert process_of_the_controller() != hangs


@pytest.mark.slow
def test_where_serve_was_shut_down_its_controller_is_away() -> None:
    with local_serve():
        known = ServeController()
        assert answers(known, BACK_WITHIN_S)
        serve.shutdown()
        for controller in (known, ServeController()):
            with pytest.raises(Recovering):
                asyncio.run(controller.ping())

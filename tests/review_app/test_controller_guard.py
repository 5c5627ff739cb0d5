"""A controller of Serve that hangs is ended, and none that is only slow, away, or on its way back."""

from hitl.errors import Recovering
from serve_app.reconcilers.controller_guard import HUNG_AFTER_S, ControllerGuard
from serve_app.reconcilers.guard import START_WITHIN_S


class FakeController:
    def __init__(self) -> None:
        self.mood, self.ended = "answers", 0

    async def ping(self) -> None:
        if self.mood == "hangs":
            raise TimeoutError
        if self.mood == "away":
            raise Recovering("controller")

    async def end(self) -> None:
        self.ended += 1


class Guarded:
    """A guard over a fake controller, at a time of its own."""

    def __init__(self) -> None:
        self.controller, self.now = FakeController(), 0.0
        self.guard = ControllerGuard(self.controller, lambda: self.now)

    async def ended_after(self, mood: str, seconds: float) -> int:
        """How often it was ended, once it has been in this mood so long."""
        self.controller.mood = mood
        self.now += seconds
        await self.guard.once()
        return self.controller.ended


async def test_a_controller_that_hangs_is_ended_once_it_was_silent_too_long() -> None:
    guarded = Guarded()
    assert await guarded.ended_after("answers", 1_000.0) == 0
    assert await guarded.ended_after("hangs", HUNG_AFTER_S) == 0
    assert await guarded.ended_after("hangs", 1.0) == 1


async def test_an_answer_between_allows_another_silence() -> None:
    guarded = Guarded()
    assert await guarded.ended_after("hangs", HUNG_AFTER_S) == 0
    assert await guarded.ended_after("answers", 1.0) == 0
    assert await guarded.ended_after("hangs", HUNG_AFTER_S) == 0


async def test_the_next_one_has_the_time_of_a_start() -> None:
    guarded = Guarded()
    assert await guarded.ended_after("hangs", HUNG_AFTER_S + 1.0) == 1
    assert await guarded.ended_after("hangs", START_WITHIN_S) == 1
    assert await guarded.ended_after("hangs", 1.0) == 2


async def test_one_that_was_away_has_the_time_of_a_start() -> None:
    guarded = Guarded()
    assert await guarded.ended_after("away", 1_000.0) == 0
    assert await guarded.ended_after("hangs", START_WITHIN_S) == 0
    assert await guarded.ended_after("hangs", 1.0) == 1

"""The keeper of a cluster acts only while its cluster owns the store."""

from hitl.machine.ownership import Standing
from serve_app.reconcilers.ownership import Owner


class Place:
    """An ownership that says ``says``; ``heard`` is what it was told."""

    def __init__(self, says: Standing) -> None:
        self.says = says
        self.heard: list[str] = []

    async def hold(self, is_whole: bool) -> Standing:
        self.heard.append("whole" if is_whole else "here")
        return self.says

    async def release(self) -> None:
        self.heard.append("released")

    async def is_mine(self) -> bool:
        return self.says is Standing.OWNS


async def whole() -> bool:
    return True


async def test_a_step_runs_only_while_the_cluster_owns_the_store() -> None:
    place, done = Place(Standing.WAITS), list[str]()
    owner = Owner(place, whole)

    async def step() -> None:
        done.append("acted")

    await owner.only(step)()
    for says, acted in ((Standing.WAITS, 0), (Standing.OWNS, 1), (Standing.YIELDS, 1), (Standing.OWNS, 2)):
        place.says = says
        await owner.once()
        await owner.only(step)()
        assert len(done) == acted


async def test_who_must_make_way_stops_acting_and_gives_its_place_up() -> None:
    place = Place(Standing.OWNS)
    owner = Owner(place, whole)
    await owner.once()
    place.says = Standing.YIELDS
    await owner.once()
    assert (owner.owns, place.heard[-1]) == (False, "released")


async def test_only_a_cluster_that_waits_says_that_it_is_whole() -> None:
    place = Place(Standing.OWNS)
    owner = Owner(place, whole)
    await owner.once()
    await owner.once()
    assert place.heard == ["whole", "here"]

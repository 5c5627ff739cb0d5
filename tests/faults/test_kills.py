"""kill -9 in the middle of traffic: nothing acknowledged is lost or doubled, and everything comes back by itself."""

from collections.abc import Callable

import httpx2
import pytest

from tests.load import Told, check, under_load
from tests.running import Running, candidate, deploy, kill, running, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

RECOVERED_WITHIN_S = 90.0
ROUNDS = 3


def _kill_ray(title: str) -> Callable[[Running], None]:
    return lambda service: kill(service.processes(title)[0])


def _kill_part(part: str) -> Callable[[Running], None]:
    return lambda service: kill(service.state.parts[part]["pid"])


HARMS: dict[str, Callable[[Running], None]] = {
    "queue actor": _kill_ray("ray::ShardActor"),
    "store": _kill_part("valkey"),
    "gateway replica": _kill_ray("ray::ServeReplica:gateway"),
    "review replica": _kill_ray("ray::ServeReplica:review:Review"),
    "keeper": _kill_ray("ray::ServeReplica:review:Keeper"),
    "MLflow": _kill_part("mlflow"),
}


def is_ready(service: Running) -> bool:
    try:
        return httpx2.get(f"{service.url}/ready", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture(scope="module")
def deployed(service: Running) -> Running:
    deploy(service, candidate(service, 0.41))
    return service


@pytest.mark.parametrize("what", HARMS)
async def test_a_kill_loses_and_doubles_nothing(deployed: Running, what: str) -> None:
    told = Told()
    for turn in range(ROUNDS):
        await under_load(deployed, told, f"{what}-{turn}", lambda: HARMS[what](deployed), before_s=2, after_s=4)
        until(lambda: is_ready(deployed), RECOVERED_WITHIN_S)
    counts = check(deployed, told)
    assert counts["acknowledged"] > 0
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)


def test_ray_itself_comes_back_with_everything(deployed: Running) -> None:
    before = deployed.digest()
    kill(deployed.state.parts["ray"]["pid"])
    until(lambda: deployed.state.phase != "up")
    until(lambda: deployed.state.phase == "up" and is_ready(deployed), 300)
    assert deployed.digest() == before


def test_a_restart_on_the_same_data_directory_finds_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("again")
    with running(folder) as service:
        with service.as_("client") as client:
            case = client.decide("digits", [0.0] * 64)
        before, keys = service.digest(), service.keys["client"]
    with running(folder) as service:
        assert service.digest() == before
        service.keys["client"] = keys
        with service.as_("client") as client:
            assert client.decision(case["case_id"])["case_id"] == case["case_id"]

"""kill -9 in the middle of traffic: nothing acknowledged is lost or doubled, and everything comes back by itself."""

import pytest

from tests.faults.product import product_of
from tests.faults.product_faults import run_product
from tests.faults.product_load import Promotions, promotions_of
from tests.running import Running, candidate, deploy

pytestmark = [pytest.mark.slow, pytest.mark.service]

SEED, ROUNDS = 5, 1
ENOUGH_S = 900.0

KILLED = (
    "queue actor killed",
    "store killed",
    "gateway replica killed",
    "review replica killed",
    "keeper killed",
    "Serve controller killed",
    "proxy killed",
    "MLflow away in a promotion",
)


@pytest.fixture(scope="module")
def promotions(service: Running) -> Promotions:
    deploy(service, candidate(service, 0.41))
    return promotions_of(product_of(service, SEED), SEED)


@pytest.mark.parametrize("name", KILLED)
def test_a_kill_loses_and_doubles_nothing(promotions: Promotions, name: str) -> None:
    run = run_product(promotions, SEED, [name] * ROUNDS, ENOUGH_S, print)
    assert run.acknowledged > 0
    assert run.is_clean, (run.found, run.wrong, dict(run.rows))


def test_ray_itself_comes_back_with_everything(promotions: Promotions) -> None:
    run = run_product(promotions, SEED, ["Ray's head killed"], ENOUGH_S, print)
    assert run.is_clean, (run.found, run.wrong, dict(run.rows))

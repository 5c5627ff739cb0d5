"""The rows of the fault matrix that need the running product over Ray: what is done, and how soon it must be whole again."""

from dataclasses import dataclass

from tests.faults.product_chaos import lose_messages
from tests.faults.product_half_open import half_open_sockets
from tests.faults.product_jobs import harm_training, promote_without_mlflow
from tests.faults.product_kills import (
    Harm,
    kill_for_good,
    kill_one,
    kill_proxy,
    kill_ray,
    kill_shard_without_store,
    kill_store,
    stop_replica,
)
from tests.faults.product_memory import starve_training
from tests.faults.product_sockets import slow_readers
from tests.faults.product_stop import stop_and_start


@dataclass(frozen=True)
class ProductRow:
    """``number`` is the row of the matrix; ``weight`` how often it stands in one round; ``harm`` does it, raises AssertionError
    for a promise that did not hold, and returns how to see that the service is whole again, ``within_s`` seconds at most.
    ``goal_s`` is how soon it should be on two cores with nothing else to do; None: no goal is set."""

    number: int
    name: str
    harm: Harm
    weight: int = 6
    within_s: float = 90.0
    goal_s: float | None = None


ROWS = (
    ProductRow(1, "gateway replica killed", kill_one("gateway"), goal_s=8.0),
    ProductRow(2, "replica hangs", stop_replica, 1, 120.0, goal_s=15.0),
    ProductRow(3, "review replica killed", kill_one("review"), goal_s=8.0),
    ProductRow(4, "queue actor killed", kill_one("shard"), goal_s=3.0),
    ProductRow(5, "queue actor ended for good", kill_for_good, 3),
    ProductRow(6, "queue actor killed, store away", kill_shard_without_store, 2),
    ProductRow(0, "keeper killed", kill_one("keeper"), 2, goal_s=5.0),
    ProductRow(7, "Serve controller killed", kill_one("controller"), 3),
    ProductRow(8, "proxy killed", kill_proxy, 3),
    ProductRow(9, "Ray's head killed", kill_ray, 1, 240.0, goal_s=30.0),
    ProductRow(10, "store killed", kill_store, goal_s=5.0),
    ProductRow(26, "readers that read nothing", slow_readers, 1),
    ProductRow(27, "half-open sockets", half_open_sockets, 1),
    ProductRow(30, "MLflow away in a promotion", promote_without_mlflow, 1),
    ProductRow(34, "trainer killed, or two at once", harm_training, 1, 120.0),
    ProductRow(35, "trainer without memory", starve_training, 1, 120.0),
    ProductRow(38, "stop and start under load", stop_and_start, 1, 240.0),
    ProductRow(39, "Ray's messages lost", lose_messages, 1, 240.0),
)
"""The keeper has no row of its own in the matrix: it is row 0."""

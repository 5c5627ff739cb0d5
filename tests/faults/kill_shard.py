"""``python -m tests.faults.kill_shard SHARD``: ends the shard's actor so that Ray does not start it again."""

import sys

import ray

from hitl.adapters.ray.shards import NAMESPACE
from hitl.machine.shards import actor_of


def main(shard: str) -> None:
    ray.init(namespace=NAMESPACE, log_to_driver=False)
    ray.kill(ray.get_actor(actor_of(shard), NAMESPACE), no_restart=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""What must hold of the running product after its faults, found in its journals, its archive and its live state."""

import json
import subprocess
import sys
from collections import Counter

from hitl.errors import ChainBroken
from hitl.journal.entry import Commit
from hitl.machine.shards import all_shards
from tests.faults.check import double_leases, without_quorum
from tests.faults.product import Product
from tests.load import Told, check, commits_of
from tests.running import ROOT

NAMES = (
    "lost",
    "doubled",
    "changed",
    "double_leases",
    "bypassed_approvals",
    "broken_chains",
    "unlike_replay",
    "wrong_answers",
)

Counts = dict[str, int]


def checked(product: Product, told: Told, wrong: int) -> Counts:
    """How often each of NAMES happened so far; ``wrong`` answers were counted by the clients. Nobody works meanwhile."""
    found = dict.fromkeys(NAMES, 0) | {"wrong_answers": wrong}
    try:
        counts = check(product.service, told)
        commits = {shard: commits_of(product.service, shard) for shard in all_shards(1)}
    except ChainBroken:
        return found | {"broken_chains": 1}
    found |= {name: counts[name] for name in ("lost", "doubled", "changed")}
    found["doubled"] += sum(_repeated(each) for each in commits.values())
    found["double_leases"] = double_leases(commits["review-0"])
    found["bypassed_approvals"] = without_quorum(commits["approval"]) + len(_served(told) - _deployed(commits["approval"]))
    found["unlike_replay"] = int(not replay_matches(product))
    return found


def replay_matches(product: Product) -> bool:
    """Whether another program folds every journal to the live state."""
    service = product.service
    argv = [sys.executable, "examples/replay_journal.py", "--redis-url", service.state.redis_url, "--api", product.url]
    argv += ["--key", service.keys["operator"], "--json", "--archive", str(service.place.data_dir / "archive")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return bool(done.stdout) and json.loads(done.stdout)["replay_matches"] is True


def _served(told: Told) -> set[str]:
    """The models that answered."""
    return {answer["model_version"] for answer in told.cases.values()} - {None}


def _deployed(commits: list[Commit]) -> set[str]:
    return {event["digest"] for commit in commits for event in commit.events if event["type"] == "Deployed"}


def _repeated(commits: list[Commit]) -> int:
    """Command ids that stand in the journal more than once."""
    ids = Counter(commit.command_id for commit in commits)
    return sum(count > 1 for count in ids.values())

"""What must hold after every fault, found in the store itself and in what the clients were told."""

from collections import Counter
from contextlib import suppress
from typing import Any

from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.approval import ApprovalMachine
from hitl.canonical import fingerprint
from hitl.errors import ChainBroken
from hitl.intake.chains import verify_intake
from hitl.journal.entry import Commit, Effect
from hitl.machine.asked import plain_of
from hitl.machine.replay import Replica, replay
from hitl.review import ReviewMachine
from tests.faults.clients import Told
from tests.faults.linear import condemned
from tests.faults.world import World
from tests.gateway.service import loans

MACHINES = {"review-0": ReviewMachine({"loans": loans()}, 86_400.0), "approval": ApprovalMachine()}
QUORUM = 2
NAMES = (
    "lost",
    "doubled",
    "double_leases",
    "bypassed_approvals",
    "broken_chains",
    "unlike_replay",
    "unexplained",
    "wrong_answers",
)

Counts = dict[str, int]


async def checked(world: World, told: Told) -> Counts:
    """How often each of NAMES happened so far: (a) lost and (b) doubled commands and cases, (c) shards unlike their replay, (d)
    broken chains, (e) reviews with two leases at once, (f) deployments without their quorum, (h) answers that nobody should
    get, and reviews whose history no order explains."""
    told = told.now()  # first of all: what is told while we look may stand behind what we have read
    found = await kept(world, told)
    client = connect(world.store.url)
    try:
        found["unlike_replay"] = sum([await _differs(world, client, name) for name in MACHINES])
    finally:
        await client.aclose()
    found["unexplained"] = len(condemned(told.history))
    found["wrong_answers"] = len(told.errors)
    return found


async def kept(world: World, told: Told) -> Counts:
    """As ``checked``, of what stands in the store alone: no shard need be alive."""
    client = connect(world.store.url)
    found = dict.fromkeys(NAMES, 0)
    try:
        commits = {name: await _commits(client, name, found) for name in MACHINES}
        for name in MACHINES:
            await _archived(world, client, name, found)
        await _cases(client, told, found)
    finally:
        await client.aclose()
    _commands(commits, told, found)
    found["double_leases"] = double_leases(commits["review-0"])
    found["bypassed_approvals"] = _bypassed(commits["approval"], told)
    return found


async def _commits(client: Any, shard: str, found: Counts) -> list[Commit]:
    commits: list[Commit] = []
    try:
        await replay(
            Replica(MACHINES[shard]), shard, ValkeyJournal(client, shard), lambda seq, effect: commits.append(_plain(effect))
        )
    except ChainBroken:
        found["broken_chains"] += 1
    return commits


async def _archived(world: World, client: Any, shard: str, found: Counts) -> None:
    """What left memory is in the store or in files, as the journal says."""
    try:
        await check_kept(shard, ValkeyJournal(client, shard), open_settled(client, shard, str(world.archive)))
    except ChainBroken:
        found["broken_chains"] += 1


def _plain(effect: Effect[Any]) -> Commit:
    """The entry with its events as the journal has them."""
    commit = effect.commit()
    return commit._replace(events=[plain_of(event) for event in commit.events])


async def _differs(world: World, client: Any, shard: str) -> bool:
    """Whether the living state is another than what the journal leads to, up to the entry that it stands after."""
    live = await _living(world, shard)
    upto = _Upto(ValkeyJournal(client, shard), live["seq"])
    replica = Replica(MACHINES[shard])
    await replay(replica, shard, upto, lambda seq, commit: None)
    return fingerprint([live["hash"], live["state"]]) != fingerprint([replica.head, MACHINES[shard].plain(replica.state)])


async def _living(world: World, shard: str) -> dict[str, Any]:
    """The shard's state; what failed a moment ago may have sent it into its recovery again."""
    while True:
        with suppress(OSError, TimeoutError, EOFError):
            answer = await world.ask("plain", shard=shard)
            if "ok" in answer:
                return dict(answer["ok"])
        await world.serves()


class _Upto:
    """A journal that ends at ``last``: the shard works on while it is looked at."""

    def __init__(self, journal: ValkeyJournal, last: int) -> None:
        self._journal, self._last = journal, last

    async def read(self, after_seq: int, limit: int) -> list[Any]:
        limit = min(limit, self._last - after_seq)
        return await self._journal.read(after_seq, limit) if limit > 0 else []


async def _cases(client: Any, told: Told, found: Counts) -> None:
    intake = ValkeyIntake(client, 0)
    ids: Counter[str] = Counter()
    after = 0
    while page := await intake.cases(after, 1000):
        ids.update(case.record.case_id for case in page)
        after = page[-1].seq
    found["lost"] += sum(ids[case_id] == 0 for case_id, _ in told.cases.values())
    found["doubled"] += sum(count > 1 for count in ids.values())
    try:
        await verify_intake("intake-0", intake)
    except ChainBroken:
        found["broken_chains"] += 1


def _commands(commits: dict[str, list[Commit]], told: Told, found: Counts) -> None:
    ids = Counter(commit.command_id for each in commits.values() for commit in each)
    found["lost"] += sum(ids[key] == 0 for key in told.commands)
    found["doubled"] += sum(count > 1 for count in ids.values())
    decided: dict[str, list[str]] = {}
    for commit in commits["review-0"]:
        for event in commit.events:
            if event["type"] == "ReviewDecided":
                decided.setdefault(event["review_id"], []).append(event["label"])
    found["lost"] += sum(decided.get(review, [""])[0] != label for review, label in told.answers.items())
    found["doubled"] += sum(len(labels) > 1 for labels in decided.values())


def double_leases(commits: list[Commit]) -> int:
    """Leases that were given while another one held."""
    held: set[str] = set()
    count = 0
    for event in (event for commit in commits for event in commit.events):
        review = event.get("review_id", "")
        if event["type"] == "ReviewLeased":
            count += review in held
            held.add(review)
        elif event["type"] != "LeaseExtended" and "lease" in event:
            held.discard(review)
    return count


def _bypassed(commits: list[Commit], told: Told) -> int:
    """Deployments without their quorum, and models that answered without one."""
    deployed = {event["digest"] for commit in commits for event in commit.events if event["type"] == "Deployed"}
    return without_quorum(commits) + len(told.served - deployed)


def without_quorum(commits: list[Commit]) -> int:
    """Deployments that fewer than QUORUM people voted for."""
    voters: dict[tuple[str, str], set[str]] = {}
    count = 0
    for event in (event for commit in commits for event in commit.events):
        name = (event.get("approval_id", ""), event.get("digest", ""))
        if event["type"] == "VoteCast":
            voters.setdefault(name, set()).add(event["voter"])
        if event["type"] == "Deployed":
            count += len(voters.get(name, ())) < QUORUM
    return count

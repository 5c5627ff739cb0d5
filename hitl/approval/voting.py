"""What the votes of an approval add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hitl.approval.rules import ANYBODY
from hitl.approval.state import Approval, Ballot, CastVote, RequestStatus
from hitl.approval.stored import StoredPolicy


@dataclass(frozen=True, slots=True)
class VoteCount:
    """``status`` is pending, approved or rejected; ``choice`` the leading option, or the rejecting one that ended it; ``missing``
    the groups that have not approved as often as they must; ``silent`` who is asked by name and has not voted."""

    status: RequestStatus
    choice: str | None
    by_option: dict[str, float]
    missing: dict[str, int]
    silent: list[str]


def count(approval: Approval) -> VoteCount:
    """Only votes for exactly this digest, by others than its author and whom it excludes."""
    votes = [vote for vote in approval.votes.values() if _counts(approval, vote)]
    by_option = _weights_by_option(approval, votes)
    choice, reached = _leading(votes, by_option)
    silent = [name for name in approval.asked if name not in approval.votes]
    approving = [vote.voter for vote in votes if vote.vote is Ballot.APPROVE and vote.option == choice]
    missing = unfilled(approval.policy["requires"], groups_of(approval.policy), approving)
    if ended := _ended(approval, votes, reached, silent, approving):
        return VoteCount(RequestStatus.REJECTED, ended, by_option, missing, silent)
    is_approved = choice is not None and reached >= approval.policy["need"] and not missing
    return VoteCount(RequestStatus.APPROVED if is_approved else RequestStatus.PENDING, choice, by_option, missing, silent)


def unfilled(requires: Mapping[str, int], groups: Mapping[str, list[str]], people: Iterable[str]) -> dict[str, int]:
    """Return how many votes each group still lacks when each person stands for one group at most, as well as it can be arranged.

    >>> unfilled({"legal": 1, "security": 1}, {"legal": ["ann"], "security": ["ann", "bob"]}, ["ann", "bob"])
    {}
    """
    seats = [group for group, number in requires.items() for _ in range(number)]
    taken: dict[int, str] = {}
    for person in people:
        _seat(person, seats, groups, taken, set())
    empty = [seats[at] for at in range(len(seats)) if at not in taken]
    return {group: empty.count(group) for group in dict.fromkeys(empty)}


def is_member(groups: Mapping[str, list[str]], group: str, person: str) -> bool:
    return not {ANYBODY, person}.isdisjoint(groups.get(group, ()))


def groups_of(policy: StoredPolicy) -> dict[str, list[str]]:
    """Return the groups of a request. One without people is an older version's, where it stood for every approver: since then
    nobody can ask for the votes of such a group."""
    return {group: people or [ANYBODY] for group, people in policy["groups"].items()}


def _counts(approval: Approval, vote: CastVote) -> bool:
    barred = (approval.requested_by, *approval.policy["excluded"])
    return vote.digest == approval.digest and vote.voter not in barred


def _weights_by_option(approval: Approval, votes: list[CastVote]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for vote in votes:
        weights[vote.option] = weights.get(vote.option, 0.0) + weight_of(approval.policy, vote.voter)
    return weights


def weight_of(policy: StoredPolicy, person: str) -> float:
    return float(policy["weights"].get(person, 1.0))


def _leading(votes: list[CastVote], by_option: dict[str, float]) -> tuple[str | None, float]:
    """Return the approving option with the most weight, the first one of equals."""
    options = dict.fromkeys(vote.option for vote in votes if vote.vote is Ballot.APPROVE)
    choice = max(options, key=lambda option: by_option[option], default=None)
    return choice, by_option[choice] if choice is not None else 0.0


def _ended(approval: Approval, votes: list[CastVote], reached: float, silent: list[str], approving: list[str]) -> str | None:
    """Return the option of the rejection that ended it: by a veto, or because those who are left cannot approve it any more."""
    rejecting = [vote for vote in votes if vote.vote is Ballot.REJECT]
    for vote in rejecting:
        if _has_veto(approval.policy, vote.voter):
            return vote.option
    if not votes or not _is_lost(approval, rejecting, reached, silent, approving):
        return None
    return (rejecting or votes)[-1].option


def _is_lost(approval: Approval, rejecting: list[CastVote], reached: float, silent: list[str], approving: list[str]) -> bool:
    policy = approval.policy
    if approval.is_open:
        return bool(sum(weight_of(policy, vote.voter) for vote in rejecting) >= policy["need"])
    at_best = reached + sum(weight_of(policy, name) for name in silent)
    return at_best < policy["need"] or bool(unfilled(policy["requires"], groups_of(policy), [*approving, *silent]))


def _has_veto(policy: StoredPolicy, person: str) -> bool:
    return any(name in (ANYBODY, person) or is_member(policy["groups"], name, person) for name in policy["veto"])


def _seat(person: str, seats: list[str], groups: Mapping[str, list[str]], taken: dict[int, str], tried: set[int]) -> bool:
    """Kuhn's augmenting path: give ``person`` a seat, moving others where that helps."""
    for at, group in enumerate(seats):
        if at in tried or not is_member(groups, group, person):
            continue
        tried.add(at)
        if at not in taken or _seat(taken[at], seats, groups, taken, tried):
            taken[at] = person
            return True
    return False

"""Who votes on a request, and how: the configured rules of its kind with what the request may say itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from hitl.approval.presence import deputy_of, handed_over
from hitl.approval.rules import ANYBODY, ApprovalRules, KindRules
from hitl.approval.state import Absence, quorum_policy
from hitl.approval.stored import StoredPolicy, WantedPolicy
from hitl.approval.voting import unfilled
from hitl.errors import InvalidInput

MAX_PEOPLE = 100
RULES = ("any", "all", "majority", "k_of_n")
FIELDS = {"rule", "k", "approvers", "groups", "requires", "weights", "veto", "excluded"}
NameList: TypeAlias = Literal["excluded", "approvers", "groups", "veto"]
HIGH_RISKS = ("high", "critical")


@dataclass(frozen=True, slots=True)
class Electorate:
    """``policy`` as hitl.approval.state.Approval keeps it; ``asked`` by name; ``is_open``: every approver may vote."""

    policy: StoredPolicy
    asked: list[str]
    is_open: bool


def electorate(rules: ApprovalRules, kind: str, wanted: WantedPolicy, author: str, is_high_risk: bool) -> Electorate:
    """Raises InvalidInput that names the place."""
    configured = rules.of(kind)
    _check(configured, wanted)
    excluded, named = _read_names(wanted, "excluded"), _read_names(wanted, "approvers")
    groups = _groups(rules, configured, wanted)
    barred = (author, *excluded)
    demanded = _demanded(rules, configured, is_high_risk)
    requires = _raised(demanded, _read_vote_counts(wanted))
    is_open = not named and _is_open(groups)
    groups = {**groups, **{group: list(rules.groups[group]) for group in requires}}
    asked = [name for name in _united(named, groups) if name not in barred]
    _check_kept(rules, demanded, excluded)
    _check_filled(groups, requires, asked, is_open)
    if not (is_open or asked):
        raise InvalidInput("/policy", _who_is_missing(named, groups))
    weights = _read_weights(wanted)
    rule = str(wanted.get("rule", configured.rule))
    need = _required_weight(rule, int(wanted.get("k", configured.k)), [weights.get(name, 1.0) for name in asked], is_open)
    policy: StoredPolicy = {
        "rule": rule,
        "need": need,
        "requires": requires,
        "groups": groups,
        "weights": dict(weights),
        "excluded": excluded,
        "veto": list(wanted.get("veto", configured.veto)),
    }
    return Electorate(policy, [] if is_open else asked, is_open)


def quorum_electorate(rules: ApprovalRules, kind: str, quorum: int, author: str, is_high_risk: bool) -> Electorate:
    """Of a model or a policy: ``quorum`` approving votes and no rejection, whatever else is configured. Raises InvalidInput
    when too few people could ever vote."""
    configured = rules.of(kind)
    requires = _demanded(rules, configured, is_high_risk)
    groups = {name: list(rules.groups[name]) for name in dict.fromkeys((*configured.ask, *requires))}
    is_open = _is_open({name: groups[name] for name in configured.ask})
    asked = [name for name in _united([], groups) if name != author]
    if not is_open and len(asked) < quorum:
        raise InvalidInput("/quorum", f"at most {len(asked)}, the people who are configured to vote on a {kind}")
    _check_filled(groups, requires, asked, is_open)
    return Electorate({**quorum_policy(quorum), "requires": requires, "groups": groups}, [] if is_open else asked, is_open)


def standing_in(who: Electorate, absences: Mapping[str, Absence], barred: Sequence[str], now: float) -> Electorate:
    """``who`` with the deputies of those who are away, where a deputy may vote and is not asked already."""
    policy, asked = who.policy, who.asked
    for person in who.asked:
        deputy = deputy_of(absences, person, now)
        if deputy is not None and deputy not in (*asked, *barred):
            policy, asked = handed_over(policy, asked, person, deputy)
    return Electorate(policy, asked, who.is_open)


def _check(configured: KindRules, wanted: WantedPolicy) -> None:
    unknown = wanted.keys() - FIELDS
    if unknown:
        raise InvalidInput("/policy", f"only {', '.join(sorted(FIELDS))}")
    if configured.is_fixed and wanted:
        raise InvalidInput("/policy", "nothing: who votes on this kind, and how, is configured")
    if wanted.get("rule", "any") not in RULES:
        raise InvalidInput("/policy/rule", f"one of {', '.join(RULES)}")
    k = wanted.get("k", 1)
    if type(k) is not int or not 1 <= k <= MAX_PEOPLE:
        raise InvalidInput("/policy/k", f"a number in [1, {MAX_PEOPLE}]")
    _read_names(wanted, "veto")


def _groups(rules: ApprovalRules, configured: KindRules, wanted: WantedPolicy) -> dict[str, list[str]]:
    named = _read_names(wanted, "groups") or ([] if "approvers" in wanted else configured.ask)
    for place, names in (("groups", named), ("requires", wanted.get("requires", {}))):
        unknown = set(names) - rules.groups.keys()
        if unknown:
            raise InvalidInput(f"/policy/{place}", f"configured groups: {', '.join(sorted(rules.groups))}")
    return {name: list(rules.groups[name]) for name in named}


def _demanded(rules: ApprovalRules, configured: KindRules, is_high_risk: bool) -> dict[str, int]:
    """The votes of groups that the configuration wants, whatever the request says."""
    more = rules.on_high_risk.require if is_high_risk and rules.on_high_risk else []
    return _raised(configured.requires, dict.fromkeys(more, 1))


def _raised(floor: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """Return both, and the larger number where both name a group."""
    return {group: max(floor.get(group, 1), wanted.get(group, 1)) for group in dict.fromkeys((*floor, *wanted))}


def _is_open(groups: Mapping[str, list[str]]) -> bool:
    """Every approver may vote: no group is asked, or one that stands for all of them."""
    return not groups or any(ANYBODY in people for people in groups.values())


def _check_kept(rules: ApprovalRules, demanded: Mapping[str, int], excluded: list[str]) -> None:
    """Who asks does not choose among those whose vote is demanded."""
    lost = [name for name in rules.people(demanded) if name in excluded]
    if lost:
        raise InvalidInput("/policy/excluded", f"nobody whose vote is configured, as {', '.join(lost)}")


def _check_filled(groups: Mapping[str, list[str]], requires: Mapping[str, int], asked: Sequence[str], is_open: bool) -> None:
    """Raises InvalidInput where nobody's votes could ever meet ``requires``: a group that lists nobody has no votes, and one
    that stands for every approver has those of ``asked`` alone, unless all of them may vote."""
    listed = {group: number for group, number in requires.items() if not (is_open and ANYBODY in groups[group])}
    lacking = unfilled(listed, groups, asked)
    if lacking:
        few = f"too few who are asked are in {', '.join(lacking)}"
        raise InvalidInput("/policy/requires", f"groups with enough people who may vote; {few}")


def _who_is_missing(named: list[str], groups: Mapping[str, list[str]]) -> str:
    if not named and not any(groups.values()):
        return f"a kind that somebody may vote on; the configuration lists nobody in {', '.join(groups)}"
    return "somebody beside the author and whom it excludes"


def _united(named: list[str], groups: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys([*named, *(name for people in groups.values() for name in people if name != ANYBODY)]))


def _read_names(wanted: WantedPolicy, key: NameList) -> list[str]:
    names = wanted.get(key, [])
    if not isinstance(names, list) or len(names) > MAX_PEOPLE or not all(isinstance(name, str) and name for name in names):
        raise InvalidInput(f"/policy/{key}", f"at most {MAX_PEOPLE} names")
    return list(dict.fromkeys(names))


def _read_vote_counts(wanted: WantedPolicy) -> dict[str, int]:
    found = wanted.get("requires", {})
    if not isinstance(found, dict) or not all(type(number) is int and 1 <= number <= MAX_PEOPLE for number in found.values()):
        raise InvalidInput("/policy/requires", "an object of numbers of votes")
    return dict(found)


def _read_weights(wanted: WantedPolicy) -> dict[str, float]:
    """Read the weight of each person's vote by name, in (0, MAX_PEOPLE]. Raises InvalidInput."""
    found = wanted.get("weights", {})
    if not isinstance(found, dict) or not all(type(each) in (int, float) and 0 < each <= MAX_PEOPLE for each in found.values()):
        raise InvalidInput("/policy/weights", f"an object of numbers in (0, {MAX_PEOPLE}]")
    return {name: float(each) for name, each in found.items()}


def _required_weight(rule: str, k: int, weights: list[float], is_open: bool) -> float:
    """The weight of the votes that approve. Raises InvalidInput for what nobody could reach."""
    if rule == "any":
        return min(weights, default=1.0) if not is_open else 1.0
    if rule == "k_of_n":
        return _check_reachable(float(k), weights, is_open)
    if is_open or not weights:
        raise InvalidInput("/policy/rule", f"{rule} needs approvers by name")
    return sum(weights) if rule == "all" else _over_half(sum(weights))


def _check_reachable(need: float, weights: list[float], is_open: bool) -> float:
    """Return ``need``, if the votes of all who are asked add up to it; an open vote has no such bound. Raises InvalidInput."""
    if not is_open and need > sum(weights):
        raise InvalidInput("/policy/k", f"at most {sum(weights):g}, the weight of all who are asked")
    return need


def _over_half(total: float) -> float:
    """Return the least weight above half of ``total``: exact for whole weights, and a hair above for others."""
    return total // 2 + 1 if total == int(total) else total / 2 + 1e-9

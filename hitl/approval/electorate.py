"""Who votes on a request, and how: the configured rules of its kind with what the request may say itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.approval.presence import deputy_of, handed_over
from hitl.approval.rules import ApprovalRules, KindRules
from hitl.approval.state import Absence, quorum_policy
from hitl.errors import InvalidInput

MAX_PEOPLE = 100
RULES = ("any", "all", "majority", "k_of_n")
FIELDS = {"rule", "k", "approvers", "groups", "requires", "weights", "veto", "excluded"}
HIGH_RISKS = ("high", "critical")


@dataclass(frozen=True, slots=True)
class Electorate:
    """``policy`` as hitl.approval.state.Approval keeps it; ``asked`` by name; ``is_open``: every approver may vote."""

    policy: dict[str, Any]
    asked: list[str]
    is_open: bool


def electorate(rules: ApprovalRules, kind: str, wanted: dict[str, Any], author: str, is_high_risk: bool) -> Electorate:
    """Raises InvalidInput that names the place."""
    configured = rules.of(kind)
    _check(configured, wanted)
    excluded = _people(wanted, "excluded")
    groups = _groups(rules, configured, wanted)
    named = _people(wanted, "approvers")
    asked = [name for name in _united(named, groups) if name != author and name not in excluded]
    is_open = not named and (not groups or not all(groups.values()))
    requires = {**configured.requires, **_numbers(wanted, "requires")}
    requires |= dict.fromkeys(_also_required(rules, is_high_risk), 1)
    groups = {**groups, **{group: list(rules.groups[group]) for group in requires if group in rules.groups}}
    asked += [name for group in requires for name in groups.get(group, ()) if name not in (*asked, author, *excluded)]
    if not (is_open or asked):
        raise InvalidInput("/policy", "somebody beside the author and whom it excludes")
    weights = _weights(wanted)
    rule = str(wanted.get("rule", configured.rule))
    need = _need(rule, int(wanted.get("k", configured.k)), [weights.get(name, 1.0) for name in asked], is_open)
    policy = {"rule": rule, "need": need, "requires": requires, "groups": groups, "weights": weights, "excluded": excluded}
    return Electorate({**policy, "veto": list(wanted.get("veto", configured.veto))}, [] if is_open else asked, is_open)


def quorum_electorate(rules: ApprovalRules, kind: str, quorum: int, author: str, is_high_risk: bool) -> Electorate:
    """Of a model or a policy: ``quorum`` approving votes and no rejection, whatever else is configured. Raises InvalidInput
    when too few people could ever vote."""
    configured = rules.of(kind)
    requires = {**configured.requires, **dict.fromkeys(_also_required(rules, is_high_risk), 1)}
    groups = {name: list(rules.groups[name]) for name in dict.fromkeys((*configured.ask, *requires))}
    is_open = not configured.ask or not all(groups[name] for name in configured.ask)
    asked = [] if is_open else [name for name in _united([], groups) if name != author]
    if not is_open and len(asked) < quorum:
        raise InvalidInput("/quorum", f"at most {len(asked)}, the people who are configured to vote on a {kind}")
    return Electorate({**quorum_policy(quorum), "requires": requires, "groups": groups}, asked, is_open)


def standing_in(who: Electorate, absences: Mapping[str, Absence], barred: Sequence[str], now: float) -> Electorate:
    """``who`` with the deputies of those who are away, where a deputy may vote and is not asked already."""
    policy, asked = who.policy, who.asked
    for person in who.asked:
        deputy = deputy_of(absences, person, now)
        if deputy is not None and deputy not in (*asked, *barred):
            policy, asked = handed_over(policy, asked, person, deputy)
    return Electorate(policy, asked, who.is_open)


def _check(configured: KindRules, wanted: dict[str, Any]) -> None:
    unknown = wanted.keys() - FIELDS
    if unknown:
        raise InvalidInput("/policy", f"only {', '.join(sorted(FIELDS))}")
    if configured.is_fixed and wanted.keys() - {"excluded"}:
        raise InvalidInput("/policy", "nothing but excluded: how this kind is voted on is configured")
    if wanted.get("rule", "any") not in RULES:
        raise InvalidInput("/policy/rule", f"one of {', '.join(RULES)}")
    k = wanted.get("k", 1)
    if type(k) is not int or not 1 <= k <= MAX_PEOPLE:
        raise InvalidInput("/policy/k", f"a number in [1, {MAX_PEOPLE}]")
    _people(wanted, "veto")


def _groups(rules: ApprovalRules, configured: KindRules, wanted: dict[str, Any]) -> dict[str, list[str]]:
    named = _people(wanted, "groups") or ([] if "approvers" in wanted else configured.ask)
    for place, names in (("groups", named), ("requires", wanted.get("requires", {}))):
        unknown = set(names) - rules.groups.keys()
        if unknown:
            raise InvalidInput(f"/policy/{place}", f"configured groups: {', '.join(sorted(rules.groups))}")
    return {name: list(rules.groups[name]) for name in named}


def _also_required(rules: ApprovalRules, is_high_risk: bool) -> list[str]:
    return list(rules.on_high_risk.require) if is_high_risk and rules.on_high_risk else []


def _united(named: list[str], groups: dict[str, list[str]]) -> list[str]:
    return list(dict.fromkeys([*named, *(name for people in groups.values() for name in people)]))


def _people(wanted: dict[str, Any], key: str) -> list[str]:
    names = wanted.get(key, [])
    if not isinstance(names, list) or len(names) > MAX_PEOPLE or not all(isinstance(name, str) and name for name in names):
        raise InvalidInput(f"/policy/{key}", f"at most {MAX_PEOPLE} names")
    return list(dict.fromkeys(names))


def _numbers(wanted: dict[str, Any], key: str) -> dict[str, int]:
    found = wanted.get(key, {})
    if not isinstance(found, dict) or not all(type(number) is int and 1 <= number <= MAX_PEOPLE for number in found.values()):
        raise InvalidInput(f"/policy/{key}", "an object of numbers of votes")
    return dict(found)


def _weights(wanted: dict[str, Any]) -> dict[str, float]:
    found = wanted.get("weights", {})
    if not isinstance(found, dict) or not all(type(each) in (int, float) and 0 < each <= MAX_PEOPLE for each in found.values()):
        raise InvalidInput("/policy/weights", f"an object of numbers in (0, {MAX_PEOPLE}]")
    return {name: float(each) for name, each in found.items()}


def _need(rule: str, k: int, weights: list[float], is_open: bool) -> float:
    """The weight of the votes that approve. Raises InvalidInput for what nobody could reach."""
    if rule == "any":
        return min(weights, default=1.0) if not is_open else 1.0
    if rule == "k_of_n":
        return _reachable(float(k), weights, is_open)
    if is_open or not weights:
        raise InvalidInput("/policy/rule", f"{rule} needs approvers by name")
    return sum(weights) if rule == "all" else _over_half(sum(weights))


def _reachable(need: float, weights: list[float], is_open: bool) -> float:
    if not is_open and need > sum(weights):
        raise InvalidInput("/policy/k", f"at most {sum(weights):g}, the weight of all who are asked")
    return need


def _over_half(total: float) -> float:
    """The least weight above half of ``total``: exact for whole weights, and a hair above for others."""
    return total // 2 + 1 if total == int(total) else total / 2 + 1e-9

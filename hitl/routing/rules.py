"""A policy with compiled CEL expressions; a wrong one is refused with its key before anything changes.

What an expression says of a case is data too: one that fails on a case makes the case somebody's, never the model's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cel_expr_python import cel

from hitl.errors import InvalidConfig
from hitl.routing.policy import BETWEEN, OTHER, UNKNOWN, WHOLE, Policy, PolicyRule

VARIABLES = {"features": cel.Type.DYN, "metadata": cel.Type.DYN, "client": cel.Type.STRING}
"""What an expression can speak of: the request's features and metadata, and the id of who sent it."""

_ENV = cel.NewEnv(variables=VARIABLES)
_TRUTHS = ("BOOL", "DYN")
_NUMBERS = ("INT", "UINT", "DOUBLE", "DYN")


@dataclass(frozen=True, slots=True)
class MatchedRules:
    """Results of the expressions for one case: the rules that ``matched``, in the policy's order; ``named``, the segment's
    first part, '' without named ones; ``amount`` in dollars; ``failure``, the first expression that could not be read."""

    matched: tuple[PolicyRule, ...] = ()
    named: str = ""
    amount: float = 0.0
    failure: str | None = None


NOTHING_FOUND = MatchedRules()


class CompiledPolicy:
    """``version`` is the digest that the policy was approved as. Raises InvalidConfig that names the key of an expression
    that does not compile, or is no truth or number."""

    def __init__(self, policy: Policy, version: str | None = None, source: str = "policy") -> None:
        self.policy, self.version = policy, version or policy.version
        self._rules = [(rule, _compile(rule.when, _TRUTHS, source, f"rules.{rule.name}.when")) for rule in policy.rules]
        self._any = _ENV.compile(" || ".join(f"({rule.when})" for rule in policy.rules)) if len(self._rules) > 1 else None
        self._segments = [
            (each.name, _compile(each.when, _TRUTHS, source, f"segments.named.{each.name}.when"))
            for each in policy.segments.named
        ]
        amount = policy.costs.amount if policy.costs else None
        self._amount = _compile(amount, _NUMBERS, source, "costs.amount") if amount else None
        self._is_silent = not (self._rules or self._segments or self._amount)

    def judge(self, features: Any, metadata: Mapping[str, Any], client: str) -> MatchedRules:
        """Evaluate the rules on a request. Never fails."""
        if self._is_silent:
            return NOTHING_FOUND
        data = {"features": features, "metadata": metadata, "client": client}
        matched, failed_rule = self._matched(data)
        named, failed_segment = self._named(data)
        amount, failed_amount = self._amount_of(data)
        return MatchedRules(matched, named, amount, failed_rule or failed_segment or failed_amount)

    def _matched(self, data: dict[str, Any]) -> tuple[tuple[PolicyRule, ...], str | None]:
        if self._any is not None and _truth(self._any.eval(data=data)) is False:
            return (), None  # one evaluation for the case that no rule concerns: most of them
        said = [(rule, self._any_value(expression, data)) for rule, expression in self._rules]
        failed = next((f"rule {rule.name}: {value}" for rule, value in said if isinstance(value, str)), None)
        return tuple(rule for rule, value in said if value is True), failed

    def _named(self, data: dict[str, Any]) -> tuple[str, str | None]:
        for name, expression in self._segments:
            value = self._any_value(expression, data)
            if isinstance(value, str):
                return UNKNOWN, f"segment {name}: {value}"
            if value:
                return name, None
        return (OTHER if self._segments else ""), None

    def _amount_of(self, data: dict[str, Any]) -> tuple[float, str | None]:
        if self._amount is None:
            return 0.0, None
        value = self._amount.eval(data=data)
        if str(value.type()) not in _NUMBERS:
            return 0.0, f"costs.amount: {_why(value)}"
        return max(0.0, float(value.value())), None

    def _any_value(self, expression: Any, data: dict[str, Any]) -> bool | str:
        """The truth, or in words why there is none."""
        value = expression.eval(data=data)
        truth = _truth(value)
        return _why(value) if truth is None else truth


def segment_of(found: MatchedRules, label: str | None, by_label: bool) -> str:
    """The whole name of a case's segment.

    >>> segment_of(Found(named="large"), "approve", by_label=True)
    'large/approve'
    """
    parts = [found.named] if found.named else []
    if by_label:
        parts.append(UNKNOWN if label is None else label)
    return BETWEEN.join(parts) or WHOLE


def _compile(text: str, types: tuple[str, ...], source: str, key: str) -> Any:
    try:
        expression = _ENV.compile(text)
    except RuntimeError as error:
        raise InvalidConfig(source, key, " ".join(str(error).split())) from error
    kind = str(expression.return_type())
    if kind not in types:
        raise InvalidConfig(source, key, f"expected {' or '.join(types)}, the expression gives {kind}")
    return expression


def _truth(value: Any) -> bool | None:
    return bool(value.value()) if str(value.type()) == "BOOL" else None


def _why(value: Any) -> str:
    """The failure without what came with the request: a value that is none is named by its type alone."""
    kind = str(value.type())
    return " ".join(str(value).split()) if kind == "ERROR" else f"gives {kind}"

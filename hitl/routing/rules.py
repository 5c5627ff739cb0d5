"""A policy with compiled CEL expressions; a wrong one is refused with its key before anything changes.

An expression that fails on a case, for whatever reason, sends the case to people: the failure is a result and never an exception.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from cel_expr_python import cel

from hitl.errors import InvalidConfig
from hitl.routing.policy import BETWEEN, OTHER, UNKNOWN, WHOLE, Policy, PolicyRule
from hitl.routing.rule_cost import MOST_COST, cost_of, loops_of

VARIABLES = {
    "features": cel.Type.DYN,
    "metadata": cel.Type.DYN,
    "client": cel.Type.STRING,
    "answer": cel.Type.DYN,
    "cents": cel.Type.DYN,
    "confidence": cel.Type.DYN,
}
"""What an expression can speak of: the request's features and metadata, the id of who sent it, and what the model says of it."""

_ENV = cel.NewEnv(variables=VARIABLES)
RequestData: TypeAlias = Mapping[str, Any]
"""The variables of one request, with any JSON as their values."""

TOO_LONG = "the rules go through more of the request than one case may"

BUDGET = "budget exceeded"
"""How the interpreter says that an expression took too many steps."""

WORDS = re.compile(r"(?:[A-Za-z_]+(?: |: ?(?=[A-Z])|(?=[:\"'=]|$)))+")

_TRUTHS = ("BOOL", "DYN")
_NUMBERS = ("INT", "UINT", "DOUBLE", "DYN")


NO_AMOUNTS: dict[str, int] = {}


class SaidOfCase(NamedTuple):
    """What the model says: ``answer`` is its label, or the fields of the declared value, with their amounts in ``cents`` too;
    null without a prediction, so that a rule about it fails and the case goes to people. ``confidence`` in [0, 1]."""

    answer: Any = None
    confidence: float | None = None
    cents: dict[str, int] = NO_AMOUNTS


NOTHING_SAID = SaidOfCase()


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
        self._any = _compiled_together(policy.rules)
        self._segments = [
            (each.name, _compile(each.when, _TRUTHS, source, f"segments.named.{each.name}.when"))
            for each in policy.segments.named
        ]
        amount = policy.costs.amount if policy.costs else None
        self._amount = _compile(amount, _NUMBERS, source, "costs.amount") if amount else None
        texts = (
            [rule.when for rule in policy.rules] + [each.when for each in policy.segments.named] + ([amount] if amount else [])
        )
        self._loops = [loops for text in texts for loops in loops_of(text)] * (1 if self._any is None else 2)
        self._is_silent = not (self._rules or self._segments or self._amount)

    def judge(self, features: Any, metadata: Mapping[str, Any], client: str, said: SaidOfCase = NOTHING_SAID) -> MatchedRules:
        """Evaluate the rules on a request and what the model ``said`` of it. Never fails."""
        if self._is_silent:
            return NOTHING_FOUND
        data: RequestData = {"features": features, "metadata": metadata, "client": client, **said._asdict()}
        if self._loops and cost_of(self._loops, data) > MOST_COST:
            return MatchedRules(named=UNKNOWN if self._segments else "", failure=TOO_LONG)
        matched, failed_rule = self._matched(data)
        named, failed_segment = self._named(data)
        amount, failed_amount = self._amount_of(data)
        return MatchedRules(matched, named, amount, failed_rule or failed_segment or failed_amount)

    def _matched(self, data: RequestData) -> tuple[tuple[PolicyRule, ...], str | None]:
        if self._any is not None and _truth_of(self._any, data) is False:
            return (), None  # one evaluation for the case that no rule concerns: most of them
        said = [(rule, _truth_of(expression, data)) for rule, expression in self._rules]
        failed = next((f"rule {rule.name}: {value}" for rule, value in said if isinstance(value, str)), None)
        return tuple(rule for rule, value in said if value is True), failed

    def _named(self, data: RequestData) -> tuple[str, str | None]:
        for name, expression in self._segments:
            value = _truth_of(expression, data)
            if isinstance(value, str):
                return UNKNOWN, f"segment {name}: {value}"
            if value:
                return name, None
        return (OTHER if self._segments else ""), None

    def _amount_of(self, data: RequestData) -> tuple[float, str | None]:
        if self._amount is None:
            return 0.0, None
        value = _number_of(self._amount, data)
        return (0.0, f"costs.amount: {value}") if isinstance(value, str) else (max(0.0, value), None)


def segment_of(found: MatchedRules, label: str | None, by_label: bool) -> str:
    """Return the whole name of a case's segment.

    >>> segment_of(MatchedRules(named="large"), "approve", by_label=True)
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


def _compiled_together(rules: Sequence[PolicyRule]) -> Any:
    """Return one expression that is false where no rule matches; None where one brings nothing, or the rules are too long
    together."""
    if len(rules) < 2:
        return None
    try:
        return _ENV.compile(" || ".join(f"({rule.when}\n)" for rule in rules))  # the line end closes a rule's own comment
    except RuntimeError:
        return None


def _truth_of(expression: Any, data: RequestData) -> bool | str:
    """Return the truth, or in words why there is none."""
    value = _evaluated(expression, data, ("BOOL",))
    return value if isinstance(value, str) else bool(value.value())


def _number_of(expression: Any, data: RequestData) -> float | str:
    """Return the number, or in words why there is none."""
    value = _evaluated(expression, data, _NUMBERS)
    return value if isinstance(value, str) else float(value.value())


def _evaluated(expression: Any, data: RequestData, types: tuple[str, ...]) -> Any | str:
    """Return the value of one of ``types``, or in words why there is none. The interpreter gives some failures as values and
    raises others, such as that of more steps than it takes for one expression; its steps are bounded, its memory is not."""
    try:
        value = expression.eval(data=data)
    except Exception as error:  # noqa: BLE001 - an expression and a request that people wrote: the case goes to people
        return "takes more steps than one case may" if BUDGET in str(error) else f"raised {type(error).__name__}"
    return value if str(value.type()) in types else _why(value)


def _why(value: Any) -> str:
    """Return the failure without what came with the request: a value that is none is named by its type alone, and of an error
    the words before the first key, number or text that it repeats."""
    kind = str(value.type())
    if kind != "ERROR":
        return f"gives {kind}"
    found = WORDS.match(" ".join(str(value).split()))
    return found[0].rstrip() if found else "fails"

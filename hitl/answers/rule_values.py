"""What the rules of a policy see of a declared value."""

from typing import NamedTuple, TypeAlias

from hitl.answers.field_types import FieldValue
from hitl.answers.fields import Fields, FieldsAnswer

RuleFields: TypeAlias = dict[str, FieldValue]


class RuleValues(NamedTuple):
    """``answer`` has every field that is not null, amounts as numbers; ``cents`` the amounts alone, in hundredths, so that
    sums of them are exact. A rule about a field that is null fails, and the case goes to people; ``has(answer.total)`` asks
    whether it is there."""

    answer: RuleFields
    cents: dict[str, int]


NO_VALUE = RuleValues({}, {})


def rule_values(answer: FieldsAnswer, value: Fields) -> RuleValues:
    """Return what rules see of ``value``, which was checked."""
    money = {each.name for each in answer.fields if each.type == "money"}
    found = {name: each for name, each in value.items() if each is not None}
    amounts = {name: str(each) for name, each in found.items() if name in money}
    cents = {name: int(amount.replace(".", "")) for name, amount in amounts.items()}
    return RuleValues({**found, **{name: float(amount) for name, amount in amounts.items()}}, cents)

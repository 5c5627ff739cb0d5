"""Every field of a check and of an answer comes out of the file of the evidence as it went in."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

import pytest

from hitl.adapters.files.evidence_rows import ANSWERS, CHECKS, KNOWN, RowsOf, shown_content, stored_content
from hitl.ids import case_id
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.checks import BlindCheck, DrawnPart

CASE = case_id(b"secret", "client", "digits", "one")
CHECK = BlindCheck(
    case_id=CASE,
    at=5.5,
    segment="site=7",
    model_version="m1",
    policy_version="p1",
    prediction="4",
    confidence=0.75,
    is_automatic=True,
    streams=("gold", "audit"),
    rules=("amount",),
    wrong=True,
    probability=0.1,
    labels=("5", "6"),
    vaulted_until=9.0,
    content="0123456789abcdef01234567",
    harm=12.5,
    parts=(DrawnPart("total", 0.5, True),),
    wrong_parts=("total",),
    right_within=1,
    audit_probability=0.2,
)
ANSWER = SettledReview(
    review_id=f"{CASE}-2",
    case_id=CASE,
    purpose="audit",
    is_blind=True,
    label="5",
    prediction="4",
    confidence=0.75,
    segment="site=7",
    model_version="m1",
    policy_version="p1",
    is_automatic=True,
    streams=("gold",),
    gold_probability=0.1,
    audit_probability=0.2,
    opened_at=1.0,
    at=2.0,
    votes=(("ada", "5"), ("ben", "4")),
    held_s=3.0,
    expert_agreed=True,
    rules=("amount",),
    priority="high",
    due_at=7.0,
    probabilities=(0.25, 0.75),
    amended=("4",),
    voted_at=(1.5, 1.75),
    differing={"5": ("total",)},
    right_within=1,
    corrected={"5": {"total": "a-digest"}},
    automatic_parts=("date",),
    near=frozenset({("4", "5"), ("5", "4")}),
)


class Numbers(list[Any]):
    """Numbers for values, as the table ``names`` gives them."""

    def number(self, value: Any) -> int:
        if value not in self:
            self.append(value)
        return self.index(value)


@dataclass(frozen=True, slots=True)
class LaterCheck(BlindCheck):
    """A check as a later version might have it."""

    seen: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    second: DrawnPart | None = None
    pairs: frozenset[tuple[str, str]] = frozenset()


def of_defaults(value: Any) -> list[str]:
    """The fields that say nothing here: they would come back whether or not they are kept."""
    return [each.name for each in fields(value) if each.default is not MISSING and getattr(value, each.name) == each.default]


def kept(kind: RowsOf[Any], value: Any, *beside: str) -> Any:
    """``value`` out of its row."""
    numbers = Numbers()
    row = kind.row(value, numbers.number)
    return kind.value(row, numbers.__getitem__, **{name: getattr(value, name) for name in beside})


def test_a_check_comes_back_whole() -> None:
    assert kept(CHECKS, CHECK, "case_id", "content") == CHECK
    assert of_defaults(CHECK) == []


def test_an_answer_comes_back_whole() -> None:
    assert kept(ANSWERS, ANSWER, "case_id", "review_id") == ANSWER
    assert of_defaults(ANSWER) == []


@pytest.mark.parametrize("suggested", ["7", None])
def test_an_answer_to_a_known_case_comes_back_whole(suggested: str | None) -> None:
    answer = KnownAnswer("ada", "4", "5", suggested, 8.5)
    assert KNOWN.value(KNOWN.row(answer)) == answer


def test_a_field_that_is_added_later_is_kept_without_being_named() -> None:
    rows = RowsOf(LaterCheck, ("segment", "streams"), ("case_id",))
    added = {"seen": {"ada": (1.5, 2.5)}, "second": DrawnPart("tax", 0.25, False), "pairs": frozenset({("4", "5")})}
    check = LaterCheck(**asdict(CHECK), **added)
    assert kept(rows, check, "case_id") == check


def test_what_values_share_stands_once() -> None:
    numbers, other = Numbers(), replace(CHECK, at=6.5, confidence=0.5, wrong=None, labels=())
    rows = [CHECKS.row(each, numbers.number) for each in (CHECK, other)]
    assert [CHECKS.value(row, numbers.__getitem__, case_id=CASE, content=CHECK.content) for row in rows] == [CHECK, other]
    assert len(numbers) == 1


def test_shared_fields_without_a_number_are_refused() -> None:
    with pytest.raises(TypeError, match="need a number"):
        CHECKS.row(CHECK)


def test_a_check_without_what_stands_beside_its_row_is_refused() -> None:
    numbers = Numbers()
    row = CHECKS.row(CHECK, numbers.number)
    with pytest.raises(TypeError, match=r"\['case_id', 'content'\], not \['case_id'\]"):
        CHECKS.value(row, numbers.__getitem__, case_id=CASE)


def test_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(KeyError, match="segmant"):
        RowsOf(BlindCheck, ["segmant"])


def test_a_mapping_that_is_no_dictionary_is_kept() -> None:
    answer = replace(ANSWER, differing=MappingProxyType({"5": ("total",)}))
    assert kept(ANSWERS, answer, "case_id", "review_id") == ANSWER


@pytest.mark.parametrize(("content", "found"), [("", ""), ("0123456789abcdef" * 4, "0123456789abcdef01234567")])
def test_so_much_of_a_digest_is_kept_that_inputs_are_told_apart(content: str, found: str) -> None:
    assert shown_content(stored_content(content)) == found

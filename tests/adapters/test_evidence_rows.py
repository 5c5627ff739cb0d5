"""Every field of a check and of an answer comes out of the file of the evidence as it went in."""

from dataclasses import MISSING, fields
from typing import Any

from hitl.adapters.files.evidence_rows import answer_of, answer_row, check_of, check_row
from hitl.ids import case_id
from hitl.quality.answers import SettledReview
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


def numbered(kinds: list[Any]) -> Any:
    def number(kind: Any) -> int:
        kinds.append(kind)
        return len(kinds) - 1

    return number


def of_defaults(value: Any) -> list[str]:
    """The fields that say nothing here: they would come back whether or not they are kept."""
    return [each.name for each in fields(value) if each.default is not MISSING and getattr(value, each.name) == each.default]


def test_a_check_comes_back_whole() -> None:
    kinds = list[Any]()
    assert check_of(check_row(CHECK, numbered(kinds)), kinds.__getitem__) == CHECK
    assert of_defaults(CHECK) == []


def test_an_answer_comes_back_whole() -> None:
    kinds = list[Any]()
    row = answer_row(ANSWER, numbered(kinds))
    assert answer_of(CASE, 2, row, kinds.__getitem__) == ANSWER
    assert of_defaults(ANSWER) == []

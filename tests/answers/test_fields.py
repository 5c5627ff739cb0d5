"""Answers that are fields: what is refused, what is the same, and that equal answers have one text."""

import pytest
from pydantic import ValidationError

from hitl.answers.fields import FieldsAnswer
from hitl.errors import InvalidInput

INVOICE = FieldsAnswer.model_validate(
    {
        "kind": "fields",
        "fields": [
            {"name": "vendor", "type": "text", "max_chars": 20},
            {"name": "day", "type": "date"},
            {"name": "total", "type": "money"},
            {"name": "pages", "type": "number"},
            {"name": "currency", "type": "choice", "values": ["EUR", "USD"]},
        ],
    }
)
VALUE = {"vendor": "Acme", "day": "2026-01-31", "total": "12.50", "pages": 2, "currency": "EUR"}


@pytest.mark.parametrize(
    "equal",
    [
        {"vendor": "  Acme \n"},
        {"total": 12.5},
        {"total": 12.4 + 0.1000000001},
        {"total": " 12.500 "},
        {"pages": 2.0},
    ],
)
def test_equal_values_are_the_same_and_have_one_text(equal: dict[str, object]) -> None:
    one, other = INVOICE.check(VALUE), INVOICE.check(VALUE | equal)
    assert INVOICE.same(one, other)
    assert INVOICE.canon(one) == INVOICE.canon(other)
    assert INVOICE.differing(one, other) == []


@pytest.mark.parametrize(
    "change",
    [{"vendor": "acme"}, {"vendor": None}, {"day": "2026-01-30"}, {"total": "12.51"}, {"pages": 3}, {"currency": "USD"}],
)
def test_any_other_value_is_another_answer_that_names_its_field(change: dict[str, object]) -> None:
    one, other = INVOICE.check(VALUE), INVOICE.check(VALUE | change)
    assert not INVOICE.same(one, other)
    assert INVOICE.differing(one, other) == list(change)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"vendor": "x" * 21}, "/value/vendor"),
        ({"vendor": 7}, "/value/vendor"),
        ({"day": "2026-02-30"}, "/value/day"),
        ({"day": "31.1.2026"}, "/value/day"),
        ({"total": "1,250.00"}, "/value/total"),
        ({"total": True}, "/value/total"),
        ({"total": 1e300}, "/value/total"),
        ({"total": 10**5000}, "/value/total"),
        ({"total": "9" * 40}, "/value/total"),
        ({"pages": True}, "/value/pages"),
        ({"pages": float("nan")}, "/value/pages"),
        ({"pages": 10**400}, "/value/pages"),
        ({"currency": "GBP"}, "/value/currency"),
        ({"colour": "red"}, "/value"),
    ],
)
def test_what_is_no_value_is_refused_by_the_name_of_its_field(change: dict[str, object], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        INVOICE.check(VALUE | change)
    assert refused.value.place == place


@pytest.mark.parametrize("value", [None, [], "Acme", {"vendor": "Acme"}])
def test_an_answer_has_every_field(value: object) -> None:
    with pytest.raises(InvalidInput, match="vendor, day, total, pages, currency"):
        INVOICE.check(value)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [{"name": "a", "type": "text"}, {"name": "a", "type": "date"}],
        [{"name": "a", "type": "choice"}],
        [{"name": "a", "type": "text", "values": ["x"]}],
        [{"name": "a", "type": "polygon"}],
        [{"name": "A b", "type": "text"}],
    ],
)
def test_fields_that_cannot_be_asked_for_are_refused(fields: list[dict[str, object]]) -> None:
    with pytest.raises(ValidationError):
        FieldsAnswer.model_validate({"kind": "fields", "fields": fields})

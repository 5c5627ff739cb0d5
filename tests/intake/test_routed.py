"""What is counted of a record is what the whole record says."""

from typing import Any

import pytest

from hitl.intake import CaseRecord, RoutedCase
from tests.fakes.reviews import record

NO_MODEL = {"prediction": None, "probabilities": None, "confidence": None, "uncertainty": None, "model_version": None}

RECORDS: dict[str, dict[str, Any]] = {
    "a case for people": {},
    "an automatic one": {"action": "automatic", "segment": "all", "model_s": 0.25},
    "one that a sampler drew": {"action": "automatic", "streams": ["gold", "audit"], "gold_probability": 1.0},
    "an override": {"action": "automatic", **NO_MODEL},
    "one without a model": NO_MODEL,
    "one that a policy watched": {"shadow": {"policy": "p", "action": "expert", "segment": "all"}},
    "one with parts": {"automatic_parts": ["total"]},
    "one with texts beyond ASCII": {"task": "zähler", "segment": "ö"},
}


@pytest.mark.parametrize("fields", RECORDS.values(), ids=RECORDS.keys())
def test_what_is_counted_is_what_the_whole_record_says(fields: dict[str, Any]) -> None:
    whole = record("c", **fields)
    counted = RoutedCase.decode(whole.encode())
    for name in {*RoutedCase.__struct_fields__, "is_for_people", "is_override"} - {"probabilities", "streams"}:
        assert getattr(counted, name) == getattr(whole, name), name
    assert list(counted.streams) == whole.streams
    assert counted.has_probabilities == (whole.probabilities is not None)


def test_a_record_from_before_there_were_samplers_is_counted() -> None:
    text = record("c").encode()
    for later in (b'"segment":"",', b'"streams":[],', b'"model_s":null,', b'"shadow":null,'):
        assert later in text
        text = text.replace(later, b"")
    assert CaseRecord.decode(text) == record("c")
    assert (RoutedCase.decode(text).segment, RoutedCase.decode(text).streams) == ("", ())

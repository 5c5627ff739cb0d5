"""Invoices of a simulated pipeline: what is certified keeps its level in truth, where a fixed threshold does not."""

import pytest

from tests.measure.documents import RISK, measured

pytestmark = pytest.mark.slow


def test_certified_fields_keep_the_level_and_documents_that_would_break_it_are_refused() -> None:
    found = measured(seed=1, traffic=4_000)
    certified = [each for each in found["certified_fields"].values() if each["threshold"] is not None]
    assert len(certified) >= 3
    assert all(each["share"] > 0 and each["true_error"] <= RISK.level for each in certified)
    assert found["certified_fields"]["number"]["threshold"] is None
    assert found["certified"]["true_error"] <= RISK.level < found["fixed"]["true_error"]

"""Invoices that go straight through: the certificate keeps its level in truth, where a fixed threshold does not."""

import pytest

from tests.measure.documents import RISK, measured

pytestmark = pytest.mark.slow


def test_certified_documents_and_fields_keep_the_level_that_a_fixed_threshold_breaks() -> None:
    found = measured(seed=1, traffic=4_000)
    assert 0 < found["certified"]["share"] < 1
    assert found["certified"]["true_error"] <= RISK.level
    assert found["fixed"]["true_error"] > RISK.level
    assert all(each["true_error"] <= RISK.level for each in found["certified_fields"].values())

"""Two heads over a real encoder on real pictures, and what certificates let through (tests.measure.pictures)."""

import json

import pytest

from hitl.tasks import load_task
from tests.measure.heads import LEVELS
from tests.measure.pictures import TASK, measured
from tests.measure.real_pictures import PLACE, can_have_pictures

pytestmark = [
    pytest.mark.wide,
    pytest.mark.skipif(not can_have_pictures(), reason="the pictures are a Debian package, and this machine has no apt-get"),
]


def test_more_labels_make_a_better_model_and_what_is_certified_keeps_its_level() -> None:
    found = measured()
    (PLACE / "pictures.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found["encoder"] == load_task(TASK.read_text(encoding="utf-8"), str(TASK)).model.encoder
    assert found["accuracy"][1] > found["accuracy"][0]
    assert found["comparison"]["mcnemar_exact_p"] < 0.001
    rates = [(level, rate) for level in LEVELS for rate in found["certified"][str(level)] if rate["through"]]
    assert rates
    for level, rate in rates:
        noise = 3 * (level * (1 - level) / rate["through"]) ** 0.5
        assert rate["wrong"] / rate["through"] <= level + noise

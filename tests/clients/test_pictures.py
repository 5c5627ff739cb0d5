"""Real pictures through a real encoder: figures of two models, and the loop over HTTP (tests.measure.real_pictures)."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from tests.measure.pictures import LEVELS, OUTPUT, RECIPE, TASK, measured
from tests.measure.real_pictures import PLACE, can_have_pictures, real_encoder, real_pictures
from tests.running import Running, running
from tests.service.picture_loop import Labelled, answer_reviews, bring, retrain, serve

pytestmark = [
    pytest.mark.wide,
    pytest.mark.skipif(not can_have_pictures(), reason="the pictures are a Debian package, and this machine has no apt-get"),
]

NAME = "picture_topics"
ENCODER = yaml.safe_load(TASK.read_text(encoding="utf-8"))["model"]["encoder"]
FEW, HELD_OUT, TAUGHT = 30, 100, 90


def test_more_labels_make_a_better_model_and_what_is_certified_keeps_its_level() -> None:
    found = measured()
    (PLACE / "pictures.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found["encoder"] == ENCODER
    assert found["accuracy"][1] > found["accuracy"][0]
    assert found["comparison"]["mcnemar_exact_p"] < 0.001
    rates = [(level, rate) for level in LEVELS for rate in found["certified"][str(level)] if rate["through"]]
    assert rates
    for level, rate in rates:
        noise = 3 * (level * (1 - level) / rate["through"]) ** 0.5
        assert rate["wrong"] / rate["through"] <= level + noise


@dataclass(frozen=True)
class Gallery:
    service: Running
    stream: list[Labelled]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A service with the example's task over fewer pictures."""
    folder, everything = tmp_path_factory.mktemp("gallery"), real_pictures()
    for at, (file, label) in enumerate(everything[: FEW + HELD_OUT]):
        (folder / NAME / label).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / NAME / label / f"{at:05}.png")
    terms = yaml.safe_load(TASK.read_text(encoding="utf-8"))
    terms |= {"vault": {"share": 0.0}, "sampling": {"cold": 1.0}}
    terms["data"] |= {"initial_rows": FEW, "holdout_rows": HELD_OUT}
    del terms["retrain"]
    (folder / "tasks").mkdir()
    (folder / "tasks" / f"{NAME}.yaml").write_text(yaml.safe_dump(terms), encoding="utf-8")
    stream = [(file.read_bytes(), label) for file, label in everything[FEW + HELD_OUT : FEW + HELD_OUT + TAUGHT]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(folder / "tasks"))
        patch.setenv("HITL_DATASETS_DIR", str(folder))
        patch.setenv("HITL_MEASURE_S", "900")
        with running(folder / "data") as service:
            yield Gallery(service, stream)


def learned(gallery: Gallery) -> dict[str, Any]:
    """Retrain, vote, and wait until it serves; returns the summary."""
    result = retrain(gallery.service, NAME, 1)
    serve(gallery.service, NAME, result["approval_id"], result["digest"])
    return result


def test_the_second_model_learned_from_the_pictures_that_people_answered(gallery: Gallery) -> None:
    service = gallery.service
    told = service.command("model", "encoder", str(real_encoder()), "--recipe", str(RECIPE), "--output", OUTPUT, "--json").stdout
    assert json.loads(told)["encoder"] == ENCODER
    first = learned(gallery)
    cases = bring(service, NAME, gallery.stream)
    assert {answer["model_version"] for answer, _ in cases.values()} == {first["digest"]}
    answer_reviews(service, NAME, {case: truth for case, (_, truth) in cases.items()})
    second = learned(gallery)
    assert (first["rows"], second["rows"]) == (FEW, FEW + TAUGHT)
    assert second["champion_accuracy"] == first["accuracy"] < second["accuracy"]

"""``python -m tests.measure.pictures_over_http [--small] [--browser]``: the loop over pictures through a running service.

An encoder by ``hitl model encoder``, a first model by ``hitl retrain`` and two votes, pictures as cases whose reviews simulated
people answer, a second model that learned from them, a threshold that the service certifies by itself, and the error of what it
then lets through. Writes build/wide/pictures_over_http.json. The pictures and the encoder are real ones
(tests.measure.real_pictures), fetched once; ``--small`` takes drawn tints and an encoder of a few numbers, for a quick look. With
``--browser`` one person answers what the second model learns from in the console, by keys.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.cli.commands.recipe_files import read_recipe
from hitl.quality.automation import SETTLING_S
from hitl.tasks import load_task
from tests.console.browser import Console, chromium
from tests.fixtures.encoders import LABELS, RECIPE, labelled_picture, pooling
from tests.measure.command_line import command_line
from tests.measure.pictures import OUTPUT, TASK
from tests.measure.pictures import RECIPE as REAL_RECIPE
from tests.measure.real_pictures import PLACE, real_encoder, real_pictures
from tests.measure.reported import write_report
from tests.service.encoder_loop import Labelled, OneTask, answer_reviews, bring, retrain, serve, serving_task
from training.importing.encoders import import_encoder

FILE = PLACE / "pictures_over_http.json"
MEASURE_S = 1800.0
"""For the service's own look at the held-out pictures: a real encoder takes tenths of a second for each."""

TRIALS = 4
WRONG = 0.02
"""The share of the cases of which people say something else than the truth."""

REST_S = SETTLING_S + 30.0
"""A certificate leaves out the newest minute, and the keeper looks every two seconds."""


PACE_MS = 200.0
"""Between two answers by keys: the service counts what one account asks for in a minute."""

NEXT = """before => {
    const label = document.querySelector("article")?.getAttribute("aria-label") ?? "";
    const isThere = label !== "" && document.querySelector("figure.photo img")?.naturalWidth > 0;
    if (isThere && label !== before) return label;
    return document.querySelector("main").innerText.includes("No case is waiting") && "none";
}"""
"""The name of another case than ``before``, once its picture is there; ``none`` where none waits."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures that are labelled from the start, that judge models, that people answer before the second model and under it, and
    whose true error counts."""

    initial: int
    held_out: int
    learn: int
    proving: int
    after: int

    @property
    def whole(self) -> int:
        return self.initial + self.held_out + self.learn + self.proving + self.after


@dataclass(frozen=True, slots=True)
class Subject:
    """``pictures`` in a random order, the encoder's graph with its recipe and ``output``, and the level that automation must
    keep."""

    task: str
    labels: Sequence[str]
    graph: Path
    recipe: Path
    output: str
    pictures: Sequence[Labelled]
    sizes: Sizes
    level: float


Answering = Callable[[OneTask, str, Mapping[str, str]], int]
"""Answers all that waits of a task with what people believe, by case; returns how many answers that were."""


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--small", action="store_true", help="drawn tints and an encoder of a few numbers, for a quick look")
    parser.add_argument("--browser", action="store_true", help="answers in the console, by keys, where the second model learns")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # who ends this ends its service too
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_MEASURE_S", str(MEASURE_S))
        subject = small_subject(Path(folder)) if given.small else real_subject()
        write_report(FILE, measured(subject, Path(folder), by_keys if given.browser else by_calls))


def real_subject() -> Subject:
    sizes = Sizes(initial=40, held_out=300, learn=800, proving=400, after=300)
    spec = load_task(TASK.read_text(encoding="utf-8"), str(TASK))
    pictures = [(file.read_bytes(), label) for file, label in real_pictures()[: sizes.whole]]
    return Subject(spec.task, spec.labels, real_encoder(), REAL_RECIPE, OUTPUT, pictures, sizes, level=0.2)


def small_subject(folder: Path) -> Subject:
    """Tints, which overlap: more labels teach more."""
    sizes = Sizes(initial=15, held_out=120, learn=150, proving=150, after=150)
    (folder / "encoder.onnx").write_bytes(pooling())
    (folder / "recipe.yaml").write_text(f"size: {list(RECIPE.size)}\naspect: stretch\n", encoding="utf-8")
    pictures = [(labelled_picture(LABELS[at % 3], at), LABELS[at % 3]) for at in range(sizes.whole)]
    mixed = [pictures[at] for at in np.random.default_rng(0).permutation(sizes.whole)]
    return Subject("tints", LABELS, folder / "encoder.onnx", folder / "recipe.yaml", "", mixed, sizes, level=0.3)


def measured(subject: Subject, folder: Path, teach: Answering) -> dict[str, Any]:
    """All of the loop; ``folder`` is empty but for the subject's own files. ``teach`` is how people answer what the second model
    learns from."""
    began, sizes = time.monotonic(), subject.sizes
    known, learn, proving, after = _parts(subject)
    _write(folder / "pictures", known)
    with serving_task(folder, _task_of(subject, folder)) as served:
        encoder = json.loads(_encoder_command(served, subject))
        first = _next_model(served, subject.task)
        truths, told = _through_people(served, subject.task, learn, teach)
        second = _next_model(served, subject.task)
        _, told_again = _through_people(served, subject.task, proving, by_calls)
        finding = _certified(served, subject.task, str(second["digest"]))
        answers = list(bring(served.service, subject.task, after).values())
    through = [answer["prediction"] != truth for answer, truth in answers if answer["status"] == "decided"]
    return {
        "task": subject.task,
        "encoder": encoder["encoder"],
        "pictures": sizes.whole,
        "people": {"cases": len(truths) + len(proving), "answers": told + told_again, "wrong_share": WRONG},
        "models": [_told_of(first), _told_of(second)],
        "mcnemar": second["comparison"],
        "level": subject.level,
        "certificate": finding,
        "after": {"cases": len(answers), "automatic": len(through), "wrong": sum(through)},
        "minutes": round((time.monotonic() - began) / 60, 1),
    }


def _parts(subject: Subject) -> list[list[Labelled]]:
    sizes = subject.sizes
    ends = np.cumsum([sizes.initial + sizes.held_out, sizes.learn, sizes.proving, sizes.after]).tolist()
    return [list(subject.pictures[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _write(folder: Path, pictures: Sequence[Labelled]) -> None:
    """As ``data.source`` has them: one folder for each label."""
    for at, (data, label) in enumerate(pictures):
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / label / f"{at:04}.png").write_bytes(data)


def _task_of(subject: Subject, folder: Path) -> str:
    """The example's task, or its like: every case before a certificate is evidence, and nobody undoes."""
    store = ArtifactStore(str(folder / "tried"))
    encoder = import_encoder(subject.graph, read_recipe(subject.recipe), subject.output, store).digest
    sizes, shipped = subject.sizes, yaml.safe_load(TASK.read_text(encoding="utf-8"))
    shipped.pop("retrain")
    changed = {
        "task": subject.task,
        "labels": list(subject.labels),
        "data": {"source": "pictures", "initial_rows": sizes.initial, "holdout_rows": sizes.held_out},
        "model": {**shipped["model"], "encoder": encoder},
        "risk": {"level": subject.level, "confidence": 0.9},
        "sampling": {"cold": 1.0},
        "vault": {"share": 0.0},
        "review": {**shipped["review"], "undo_s": 0.0},
    }
    return yaml.safe_dump({**shipped, **changed}, sort_keys=False)


def _encoder_command(served: OneTask, subject: Subject) -> str:
    output = ["--output", subject.output] if subject.output else []
    argv = ("model", "encoder", str(subject.graph), "--recipe", str(subject.recipe), *output, "--json")
    return served.service.command(*argv).stdout


def _next_model(served: OneTask, task: str) -> dict[str, Any]:
    """Retrain, vote, wait until it serves; returns what the job said, and its ``comparison`` with the one that served."""
    result = retrain(served.service, task, TRIALS)
    with served.service.as_("kim") as approver:
        evidence: dict[str, Any] = dict(approver.approval(result["approval_id"])["approval"]["evidence"])
    serve(served.service, task, result["approval_id"], result["digest"])
    return {**result, "comparison": evidence.get("comparison")}


def _told_of(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: result[name] for name in ("digest", "rows", "held_out_rows", "accuracy", "champion_accuracy")}


def _through_people(served: OneTask, task: str, pictures: Sequence[Labelled], answer: Answering) -> tuple[dict[str, str], int]:
    """Bring the pictures and let people answer all that waits; returns what they believe, by case, and how many answers they
    gave."""
    cases = bring(served.service, task, pictures)
    labels, rng = list(served.spec.labels), np.random.default_rng(len(cases))
    believed = {
        case: labels[(labels.index(truth) + int(rng.integers(1, len(labels)))) % len(labels)] if rng.random() < WRONG else truth
        for case, (_, truth) in cases.items()
    }
    return believed, answer(served, task, believed)


def by_calls(served: OneTask, task: str, believed: Mapping[str, str]) -> int:
    """Three people answer over HTTP; returns how many answers they gave."""
    return answer_reviews(served.service, task, believed)


def by_keys(served: OneTask, task: str, believed: Mapping[str, str]) -> int:
    """One person looks at each picture of the queue in the console and answers by its label's key; experts answer what is theirs
    over HTTP. Returns how many answers that were."""
    labels, before, answered = list(served.spec.labels), "", 0
    with chromium() as browser:
        page = Console(browser, served.service).sign_in("ada").go(f"reviews/{task}").page
        while (name := str(page.wait_for_function(NEXT, arg=before).json_value())) != "none":
            [label] = [label for case, label in believed.items() if case in name]
            page.wait_for_timeout(PACE_MS)
            page.keyboard.press(str(labels.index(label) + 1))
            page.keyboard.press("Control+Enter")
            before, answered = name, answered + 1
    return answered + answer_reviews(served.service, task, believed)


def _certified(served: OneTask, task: str, digest: str) -> dict[str, Any]:
    """What the service says of the model's threshold once its newest answers are old enough."""
    time.sleep(REST_S)
    with served.service.as_("kim") as approver:
        [finding] = approver.certificate(task)["models"][digest].values()
    return {name: finding[name] for name in ("in_force", "labels", "errors", "high", "coverage", "missing", "reason")}


if __name__ == "__main__":
    main()

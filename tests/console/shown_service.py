"""What the pictures of the console show: digits with a risk level, two trained versions, and people who answered cases.

Everything is measured by the service itself. People answer with the data's own labels; ben misreads every twenty-fifth digit.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of, fingerprint
from hitl.client.calls import get
from hitl.inference import SklearnModel, pack
from hitl.learning.evidence import compare, judge
from tests.running import ROOT, Running, images, rows, serving, task_spec, until, vote

TERMS: dict[str, Any] = {
    "risk": {"level": 0.05, "confidence": 0.9},
    "sampling": {"gold": 0.1, "audit": 0.3, "cold": 1.0},
    "review": {"lease_s": 120.0, "overlap": 2},
}
EARNING, LATER, LEFT_WAITING = 200, 100, 20
CERTIFIED_WITHIN_S = 30
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3)
WORKERS = 6


def tasks_folder(folder: Path) -> Path:
    """The tasks of the repository, digits under TERMS."""
    folder.mkdir(parents=True)
    for file in (ROOT / "configs" / "tasks").glob("*.yaml"):
        body = yaml.safe_load(file.read_text())
        (folder / file.name).write_text(yaml.safe_dump(body | TERMS if file.stem == "digits" else body, sort_keys=False))
    return folder


def prepare(service: Running) -> None:
    """Two versions one after the other, certified by people's answers; audits, cases that wait, and a third version's request."""
    first, second = _version(service, 0), _version(service, 400)
    for version in (first, second):
        _deploy(service, version)
    truth = _send(service, EARNING, 0)
    _answer(service, truth, EARNING)
    _wait_for_certificate(service)
    truth |= _send(service, LATER, EARNING)
    _answer(service, truth, LATER - LEFT_WAITING)
    _request(service, _version(service, 700, before=second))


def _version(service: Running, more: int, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """A model of the initial rows and ``more`` others, with its search and what it is worth on the held-out rows."""
    spec, parts = task_spec("digits"), rows("digits")
    labels = {label: at for at, label in enumerate(spec.labels)}
    start = len(parts.rest.rows) - more
    x = np.concatenate([np.asarray(parts.initial.rows), np.asarray(parts.rest.rows[start:])])
    y = np.array([labels[label] for label in [*parts.initial.labels, *parts.rest.labels[start:]]])
    trials = [_trial(strength, x, y) for strength in STRENGTHS]
    best = min(trials, key=lambda trial: float(trial["log_loss"]))
    pipeline = _pipeline(best["params"]["C"]).fit(x, y)
    data = pack(SklearnModel(tuple(spec.labels), "sklearn.linear_model.LogisticRegression", pipeline))
    assert ArtifactStore(service.state.artifact_uri).put(data) == digest_of(data)
    held_out, targets = np.asarray(parts.holdout.rows), np.array([labels[label] for label in parts.holdout.labels])
    said = pipeline.predict_proba(held_out)
    champion = before and {"digest": before["digest"], **before["evidence"]["candidate"]}
    evidence = {
        "candidate": judge(said, targets, tuple(spec.labels), 0.95),
        "champion": champion,
        "comparison": before and compare(said, before["said"], targets),
        "trials": trials,
        "data": {"rows": len(x), "held_out": {"rows": len(targets), "digest": fingerprint(held_out.tolist())}},
    }
    return {"digest": digest_of(data), "evidence": evidence, "rows": len(x), "said": said}


def _pipeline(strength: float) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=300))


def _trial(strength: float, x: Any, y: Any) -> dict[str, Any]:
    said = cross_val_predict(_pipeline(strength), x, y, cv=3, method="predict_proba")
    loss = float(-np.log(np.maximum(said[np.arange(len(y)), y], 1e-12)).mean())
    accuracy = float((said.argmax(axis=1) == y).mean())
    return {"params": {"C": strength}, "log_loss": loss, "accuracy": accuracy, "seconds": None, "failed": False}


def _request(service: Running, version: dict[str, Any]) -> str:
    with service.as_("trainer") as trainer:
        title = f"logistic regression on {version['rows']} rows"
        return str(trainer.request_approval("digits", version["digest"], title, version["evidence"])["approval_id"])


def _deploy(service: Running, version: dict[str, Any]) -> None:
    vote(service, _request(service, version), version["digest"], "kim", "lee")
    until(lambda: serving(service) == [version["digest"]])


def _wait_for_certificate(service: Running) -> None:
    """A slow machine earns none in this time: its pictures show what a page says without one."""
    with suppress(AssertionError):
        until(lambda: _is_certified(service), CERTIFIED_WITHIN_S)


def _is_certified(service: Running) -> bool:
    with service.as_("operator") as operator:
        found = operator.send(get("v1", "quality", "digits", "curves"))
    return any(threshold is not None for threshold in found["live"].values())


def _send(service: Running, count: int, start: int) -> dict[str, str]:
    """The cases' ids with their true labels."""
    with service.as_("client") as client, ThreadPoolExecutor(WORKERS) as pool:
        sent = [
            (pool.submit(client.decide, "digits", features, {"scanner": f"desk {at % 3 + 1}"}, f"picture-{start + at}"), label)
            for at, (features, label) in enumerate(images(count, start))
        ]
        return {answer.result()["case_id"]: label for answer, label in sent}


def _answer(service: Running, truth: dict[str, str], wanted: int) -> None:
    """Two people answer until there is nothing more, or ``wanted`` answers each."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda account: _as_person(service, account, truth, wanted), ("ada", "ben")))


def _as_person(service: Running, account: str, truth: dict[str, str], wanted: int) -> None:
    with service.as_(account) as person:
        given = 0
        while given < wanted and (reviews := person.claim("digits", count=10).get("reviews")):
            for review in reviews:
                given += 1
                label = truth[review["case_id"]]
                is_misread = account == "ben" and given % 25 == 0
                person.answer(review["review_id"], review["lease"]["id"], str((int(label) + 1) % 10) if is_misread else label)

"""Query by committee on the running service: two versions that served are asked about what waits."""

from typing import Any

import httpx2
import numpy as np
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import load
from hitl.inference.rows import rows_of
from hitl.learning.committee import newest_versions
from hitl.learning.uncertainty import disagreement
from tests.running import Running, candidate, deploy, images, open_review, task_spec

pytestmark = pytest.mark.service

WEAK, STRONG = 0.0003, 0.9
CASES = 30


def suggested(service: Running, strategy: str, n: int) -> httpx2.Response:
    query: dict[str, str | int] = {"strategy": strategy, "n": n}
    key = {"authorization": f"Bearer {service.keys['ada']}"}
    return httpx2.get(f"{service.url}/v1/suggestions/digits", params=query, headers=key, timeout=120)


def differing(service: Running, inputs: list[Any]) -> Any:
    """How much the committee disagrees about each input, by the models themselves."""
    spec, store = task_spec("digits"), ArtifactStore(service.state.artifact_uri)
    with service.as_("operator") as operator:
        history = operator.model("digits")["history"]
    members = newest_versions([[(str(digest), float(share)) for digest, share in each["versions"]] for each in history])
    models = [load(store.get(digest), tuple(spec.labels), spec.width) for digest in members]
    return disagreement(np.array([model.predict(rows_of(inputs)) for model in models]))


def test_two_versions_that_served_say_what_to_label_next(service: Running) -> None:
    for strength in (WEAK, STRONG):
        deploy(service, candidate(service, strength))
    with service.as_("client") as client:
        opened = {}
        for at, (pixels, _) in enumerate(images(CASES, start=600)):
            answer = client.decide("digits", pixels, key=f"committee-{at}")
            if answer["status"] == "pending_human":
                opened[str(answer["case_id"])] = pixels
    open_review(service, [*opened][-1])
    told = suggested(service, "query_by_committee", 100)
    assert told.status_code == 200
    chosen = [each["review_id"].rsplit("-", 1)[0] for each in told.json()["suggestions"] if each["probability"] is None]
    mine = [case_id for case_id in chosen if case_id in opened]
    worth = differing(service, [opened[case_id] for case_id in mine])
    assert len(mine) >= 2
    assert (np.diff(worth) <= 1e-6).all()
    assert worth[0] > 0

"""Query by committee over HTTP: the versions that served are asked about each waiting case, what they differ on comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.errors import ArtifactRejected, InvalidRequest, NoCommittee
from hitl.learning.committee import Said, judged_by_committee, newest_versions
from hitl.learning.suggesting import WaitingCase, suggest
from hitl.routing.prediction import Prediction, Scores, predict_from
from hitl.routing.route import Action, Priority
from hitl.tasks import TaskSpec
from tests.review_app.conftest import World, _record
from tests.review_app.conftest import world as world  # the fixture
from tests.review_app.test_approvals import deploy

FIRST, SECOND, THIRD = "a" * 64, "b" * 64, "c" * 64
PATH = "/v1/suggestions/digits?strategy=query_by_committee&n=3"
POOL = [WaitingCase(f"r-{i}", [float(i)], []) for i in range(20)]
SURE, OTHER = [0.9, 0.1], [0.1, 0.9]


def sure_of(label: int) -> list[float]:
    return [0.91 if each == label else 0.01 for each in range(10)]


class Models:
    """A serve_app.api.services.context.Predict of models that say one label, by digest, and another of a bright picture."""

    def __init__(self, labels: Mapping[str, tuple[int, int]]) -> None:
        self.labels, self.asked = labels, list[str]()

    async def __call__(self, spec: TaskSpec, digest: str, vectors: Sequence[Any], measure: str) -> list[Prediction | None]:
        self.asked.append(digest)
        if digest not in self.labels:
            raise ArtifactRejected(digest, "other labels")
        dark, bright = self.labels[digest]
        said = [sure_of(bright if vector[0] > 0 else dark) for vector in vectors]
        return [predict_from(one, tuple(spec.labels), digest, Scores(0.91, 0.91, 0.001), measure) for one in said]


async def asked(world: World, models: Models, *served: str) -> Any:
    """The answer over HTTP after these versions served, one after the other."""
    for number, digest in enumerate(served, 1):
        await deploy(world, digest, number)
    world.ports = replace(world.ports, predict=models)
    await world.http.aclose()
    world.serve()
    return await world.call("GET", PATH, "reviewer")


def test_the_newest_versions_come_first_the_main_one_before_its_challenger() -> None:
    served: list[tuple[tuple[str, float], ...]] = [(("a", 1.0),), (("b", 1.0),), (("a", 1.0),), (("c", 0.2), ("a", 0.8))]
    assert newest_versions(served) == ["a", "c", "b"]
    assert len(newest_versions([((str(i), 1.0),) for i in range(9)])) == 4


def test_what_the_members_differ_on_comes_first() -> None:
    said = [[SURE] * 20, [OTHER if i in (4, 7) else SURE for i in range(20)]]
    judged = judged_by_committee(POOL, said, "t")
    picks = suggest(judged, "query_by_committee", 3, np.random.default_rng(3))
    assert {pick.index for pick in picks if pick.chosen_by != "uniform"} == {4, 7}


def test_a_case_that_some_member_could_not_judge_is_left_out_and_a_mute_member_is_none() -> None:
    said: list[Said] = [[SURE] * 20, [None, *[OTHER] * 19], [None] * 20]
    judged = judged_by_committee(POOL, said, "t")
    assert (len(judged), judged[0].review_id, judged[0].probabilities) == (19, "r-1", [SURE, OTHER])
    with pytest.raises(NoCommittee):
        judged_by_committee(POOL, said[::2], "t")


async def test_the_versions_that_served_are_asked_about_what_waits_now(world: World) -> None:
    ids = [await world.case(key) for key in "abcdefgh"]
    bright = await world.case_of("digits", "bright", "3", {"features": [1.0] * 64})
    models = Models({FIRST: (3, 3), SECOND: (3, 5)})
    answer = await asked(world, models, FIRST, SECOND)
    assert (answer.status_code, answer.json()["total_unlabeled"]) == (200, len(ids) + 1)
    chosen = [each for each in answer.json()["suggestions"] if each["chosen_by"] == "query_by_committee"]
    drawn = [each for each in answer.json()["suggestions"] if each["chosen_by"] == "uniform"]
    assert models.asked == [SECOND, FIRST]
    assert f"{bright}-1" in {chosen[0]["review_id"], drawn[0]["review_id"]}
    assert drawn[0]["probability"] == pytest.approx(1 / 9)


async def test_cases_of_before_the_first_model_are_judged_too(world: World) -> None:
    unseen = replace(_record("old", Action.REVIEW, Priority.NORMAL), prediction=None, probabilities=None, model_version=None)
    await world.keep(unseen, {"features": [1.0] * 64})
    models = Models({FIRST: (3, 3), SECOND: (3, 5)})
    assert (await asked(world, models, FIRST, SECOND)).json()["total_unlabeled"] == 1


@pytest.mark.parametrize("served", [(), (FIRST,), (FIRST, THIRD)])
async def test_fewer_than_two_versions_are_no_committee_and_the_answer_says_what_to_do(
    world: World, served: tuple[str, ...]
) -> None:
    await world.case("a")
    answer = await asked(world, Models({FIRST: (3, 3)}), *served)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:ray-hitl:problem:no-committee")
    assert "retrain" in answer.json()["detail"]


async def test_a_task_whose_models_cannot_be_asked_says_so(world: World) -> None:
    async def refuses(spec: TaskSpec, digest: str, vectors: Sequence[Any], measure: str) -> list[Prediction | None]:
        raise InvalidRequest("task", "a task whose model runs in this service, and whose cases are no files")

    await world.case("a")
    await deploy(world, FIRST, 1)
    world.ports = replace(world.ports, predict=refuses)
    await world.http.aclose()
    world.serve()
    answer = await world.call("GET", PATH, "reviewer")
    assert (answer.status_code, "runs in this service" in answer.json()["detail"]) == (400, True)

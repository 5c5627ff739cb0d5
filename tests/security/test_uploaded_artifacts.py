"""Bytes of a model that anybody with a trainer's key may send: what is not what it says, or holds its process, is not stored."""

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.artifact import MAX_BYTES
from hitl.tasks import load_task
from serve_app.evidence.uploads import TakeArtifact
from tests.fixtures import encoders as pictures
from tests.fixtures import text_encoders as texts
from tests.inference.hostile_graphs import bundle, graph_of, helper, not_finite
from tests.review_app.conftest import World
from tests.running import candidate_bytes, task_spec

SPEC = task_spec("digits")
HONEST = candidate_bytes(1.0)


@pytest.fixture
def store(world: World, tmp_path: Path) -> ArtifactStore:
    """The store behind the application."""
    world.ports = replace(world.ports, take_artifact=TakeArtifact(str(tmp_path)))
    world.serve()
    return ArtifactStore(str(tmp_path))


async def put(
    world: World, data: bytes, digest: str = "", who: str = "trainer", task: str = "digits", **headers: str
) -> httpx2.Response:
    sent = {"content-type": "application/octet-stream", "authorization": f"Bearer {who}", **headers}
    return await world.http.put(f"/v1/artifacts/{digest or digest_of(data)}?task={task}", content=data, headers=sent)


def is_stored(store: ArtifactStore, data: bytes) -> bool:
    try:
        return store.get(digest_of(data)) == data
    except ArtifactRejected:
        return False


async def test_a_trainers_model_is_tried_and_stored_once(world: World, store: ArtifactStore) -> None:
    answers = [await put(world, HONEST) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    told = answers[0].json()
    assert (told["digest"], told["bytes"], told["tried_rows"]) == (digest_of(HONEST), len(HONEST), 192)
    assert is_stored(store, HONEST)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x80\x04 a pickle", "artifact-rejected"),
        (HONEST[:-10], "artifact-rejected"),
        (bundle(not_finite(), tuple(SPEC.labels), SPEC.width), "artifact-rejected"),
        (
            bundle(
                graph_of(helper.make_node("Mine", ["rows"], ["said"], domain="x"), domain="x"), tuple(SPEC.labels), SPEC.width
            ),
            "artifact-rejected",
        ),
    ],
)
async def test_what_is_no_model_of_the_task_is_refused_and_not_stored(
    world: World, store: ArtifactStore, data: bytes, why: str
) -> None:
    answer = await put(world, data)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (422, why)
    assert answer.json()["detail"].startswith(f"artifact {digest_of(data)}: "), "it says why"
    assert not is_stored(store, data)


async def test_bytes_under_another_name_are_refused(world: World, store: ArtifactStore) -> None:
    answer = await put(world, HONEST, digest="0" * 64)
    assert answer.status_code == 422
    assert not is_stored(store, HONEST)


@pytest.mark.parametrize(
    ("who", "headers", "status"),
    [
        ("client", {}, 403),
        ("approver", {}, 403),
        ("trainer", {"content-type": "application/json"}, 415),
        ("trainer", {"content-length": str(MAX_BYTES + 1)}, 413),
    ],
)
async def test_others_and_other_bodies_are_refused_before_they_are_read(
    world: World, store: ArtifactStore, who: str, headers: dict[str, str], status: int
) -> None:
    assert (await put(world, HONEST, who=who, **headers)).status_code == status
    assert not is_stored(store, HONEST)


PICTURES, TEXTS = pictures.encoder_bytes(), texts.encoder_bytes()


@pytest.fixture
def encoders(world: World, tmp_path: Path) -> ArtifactStore:
    """The store behind an application with a task over pictures, tints, and one over texts, requests."""
    specs = {each.task: each for each in (load_task(module.task_file("a" * 64), "a file") for module in (pictures, texts))}
    world.ports = replace(world.ports, tasks={**world.tasks, **specs}, take_artifact=TakeArtifact(str(tmp_path)))
    world.serve()
    return ArtifactStore(str(tmp_path))


@pytest.mark.parametrize(("task", "data"), [("tints", PICTURES), ("requests", TEXTS)])
async def test_a_trainers_encoder_is_tried_and_stored(world: World, encoders: ArtifactStore, task: str, data: bytes) -> None:
    answers = [await put(world, data, task=task) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    told = answers[0].json()
    assert (told["digest"], told["tried_rows"] > 0, told["largest_difference"] < 1e-4) == (digest_of(data), True, True)
    assert is_stored(encoders, data)


@pytest.mark.parametrize(
    ("task", "data", "why"),
    [
        ("tints", TEXTS, "no encoder of pictures"),
        ("requests", PICTURES, "no encoder of texts"),
        ("digits", PICTURES, "expected family torch_mlp"),
        ("tints", pictures.encoder_bytes(pictures.mixing(), 3 * pictures.SIDE**2), "depends on the other rows"),
        ("requests", texts.encoder_bytes(texts.exported(is_mixing=True)), "depends on the other rows"),
        ("requests", texts.encoder_bytes(width=7), "expected 7 numbers"),
        ("requests", TEXTS[:-40], "not an encoder of texts"),
    ],
)
async def test_an_encoder_that_must_not_serve_is_refused_and_not_stored(
    world: World, encoders: ArtifactStore, task: str, data: bytes, why: str
) -> None:
    answer = await put(world, data, task=task)
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (422, "artifact-rejected")
    assert why in answer.json()["detail"]
    assert not is_stored(encoders, data)


@pytest.mark.parametrize("task", ["tints", "requests"])
async def test_only_a_trainer_brings_an_encoder_and_for_a_known_task(world: World, encoders: ArtifactStore, task: str) -> None:
    data = PICTURES if task == "tints" else TEXTS
    assert (await put(world, data, task=task, who="client")).status_code == 403
    assert (await put(world, data, task=task, digest="0" * 64)).status_code == 422
    assert (await put(world, data, task="nobodys")).status_code == 404
    assert not is_stored(encoders, data)

"""Bytes of a model that anybody with a trainer's key may send: what is not what it says, or holds its process, is not stored."""

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.artifact import MAX_BYTES
from serve_app.evidence.uploads import TakeArtifact
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


async def put(world: World, data: bytes, digest: str = "", who: str = "trainer", **headers: str) -> httpx2.Response:
    sent = {"content-type": "application/octet-stream", "authorization": f"Bearer {who}", **headers}
    return await world.http.put(f"/v1/artifacts/{digest or digest_of(data)}?task=digits", content=data, headers=sent)


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

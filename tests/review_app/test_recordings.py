"""Recordings of cases: what people get to hear of them, in parts as players ask, and when they are removed."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import soundfile

from hitl.blobs.handle import BlobHandle
from hitl.canonical import digest_of
from hitl.sealing.payload import MARK
from tests.fixtures.sounds import recording
from tests.review_app.picture_world import PictureWorld, name_of

AUDIO = {"kind": "audio", "types": ["wav", "ogg"], "max_seconds": 5}
WAV = recording(title="call of Mrs Miller")


class RecordingWorld(PictureWorld):
    """``digits`` has recordings."""

    async def recorded_case(self, key: str, data: bytes = WAV) -> BlobHandle:
        handle = self.bring(data, "wav", duration_ms=1000)
        await self.picture_case(key, handle, "audio")
        return handle


@pytest.fixture
async def recordings(tmp_path: Path) -> AsyncIterator[RecordingWorld]:
    made = RecordingWorld(tmp_path, taken=AUDIO)
    await made.shards.start()
    yield made
    await made.leave()


@pytest.fixture
async def sensitive(tmp_path: Path) -> AsyncIterator[RecordingWorld]:
    made = RecordingWorld(tmp_path, sensitive=True, taken=AUDIO)
    await made.shards.start()
    yield made
    await made.leave()


async def test_who_holds_the_review_hears_the_recording_made_anew(recordings: RecordingWorld) -> None:
    await recordings.recorded_case("a")
    answer = await recordings.sound(await recordings.claim())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/flac")
    assert b"Miller" in WAV
    assert b"Miller" not in answer.content
    assert soundfile.info(io.BytesIO(answer.content)).duration == 1.0


async def test_the_answer_is_a_recording_and_nothing_else(recordings: RecordingWorld) -> None:
    await recordings.recorded_case("a")
    headers = (await recordings.sound(await recordings.claim())).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "sandbox" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["cross-origin-resource-policy"]) == ("no-store", "same-origin")


async def test_its_picture_is_how_loud_it_is(recordings: RecordingWorld) -> None:
    await recordings.recorded_case("a")
    answer = await recordings.image(await recordings.claim())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [("bytes=0-", 0, None), ("bytes=100-199", 100, 200), ("bytes=-50", -50, None), ("bytes=100-99999999", 100, None)],
)
async def test_a_player_gets_the_part_that_it_asks_for(
    recordings: RecordingWorld, asked: str, first: int, end: int | None
) -> None:
    await recordings.recorded_case("a")
    review = await recordings.claim()
    whole = (await recordings.sound(review)).content
    part = await recordings.sound(review, range=asked)
    start = first % len(whole)
    assert (part.status_code, part.content) == (206, whole[start:end])
    assert part.headers["content-range"] == f"bytes {start}-{start + len(part.content) - 1}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=5-2", "bytes=0-1,4-5", "bytes=-0", "bytes=", "items=0-1"])
async def test_a_part_that_is_not_there_or_more_than_one_gets_all_of_it(recordings: RecordingWorld, asked: str) -> None:
    await recordings.recorded_case("a")
    review = await recordings.claim()
    answer = await recordings.sound(review, range=asked)
    assert (answer.status_code, answer.headers["accept-ranges"], answer.content[:4]) == (200, "bytes", b"fLaC")


@pytest.mark.parametrize(
    ("who", "status"), [("operator", 200), ("reviewer-2", 200), ("client", 403), ("stranger", 404), ("nobody", 401)]
)
async def test_who_may_see_the_case_hears_its_recording(recordings: RecordingWorld, who: str, status: int) -> None:
    await recordings.recorded_case("a")
    assert (await recordings.sound(await recordings.claim(), who)).status_code == status


async def test_a_case_with_a_picture_has_no_sound(tmp_path: Path) -> None:
    world = PictureWorld(tmp_path)
    await world.shards.start()
    await world.picture_case("a")
    assert (await world.sound(await world.claim())).status_code == 404
    await world.leave()


async def test_an_erased_case_leaves_no_byte_of_its_recording(recordings: RecordingWorld) -> None:
    handle = await recordings.recorded_case("a")
    review = await recordings.claim()
    stored = recordings.store.get(name_of(handle)) or b""
    await recordings.erase(review["case_id"])
    assert (recordings.files(), (await recordings.sound(review, "operator")).status_code) == ([], 410)
    left = [(await recordings.stored(review["case_id"])).payload, (await recordings.state()).encode()]
    left += [each.read_bytes() for each in recordings.folder.rglob("*") if each.is_file()]
    for secret in (stored, WAV, b"Miller", handle.key.encode(), handle.sha256.encode(), digest_of(WAV).encode()):
        assert secret
        assert not any(secret in each for each in left)
    assert left[0].startswith(MARK)


async def test_a_sensitive_one_is_heard_by_who_said_why_and_each_time_stands_on_record(sensitive: RecordingWorld) -> None:
    await sensitive.recorded_case("a")
    review = await sensitive.claim()
    refused = await sensitive.sound(review)
    assert (refused.status_code, "reveal" in refused.json()["detail"]) == (403, True)
    path = f"/v1/cases/{review['case_id']}"
    await sensitive.call("POST", f"{path}/reveal", "reviewer", {"reason": "to answer it"}, idempotency_key="r")
    assert [(await sensitive.sound(review)).status_code for _ in range(2)] == [200, 200]
    notes = (await sensitive.call("GET", f"{path}/reveals", "operator")).json()["reveals"]
    assert [note["reason"] for note in notes].count("its recording: to answer it") == 2


async def test_a_reason_as_long_as_it_may_be_hinders_nobody_from_listening(sensitive: RecordingWorld) -> None:
    await sensitive.recorded_case("a")
    review = await sensitive.claim()
    path = f"/v1/cases/{review['case_id']}/reveal"
    told = await sensitive.call("POST", path, "reviewer", {"reason": "x" * 2_000}, idempotency_key="r")
    assert (told.status_code, (await sensitive.sound(review)).status_code) == (200, 200)

"""Pictures of cases: what people get to see of them, and when they are removed."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hitl.access import EraseCase
from hitl.canonical import digest_of
from hitl.machine import Envelope
from hitl.sealing.payload import MARK
from hitl.tasks import TaskSpec
from serve_app.reconcilers.file_sweep import MARGIN_S, SweepFiles
from tests.fixtures.pictures import SIZE, document, photo_with_a_place, picture
from tests.review_app.picture_world import BROUGHT_AT, PictureWorld, name_of

DAY_S = 86_400.0
PNG = picture("png")


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[PictureWorld]:
    made = PictureWorld(tmp_path)
    await made.shards.start()
    yield made
    await made.leave()


def sweeper(world: PictureWorld, days: float) -> SweepFiles:
    return SweepFiles(world.store, world.intakes, world.ports.vault, lambda: BROUGHT_AT + days * DAY_S + MARGIN_S)


async def test_who_holds_the_review_sees_the_picture_made_anew(pictures: PictureWorld) -> None:
    await pictures.picture_case("a", pictures.bring(photo_with_a_place(), "jpeg"))
    answer = await pictures.image(await pictures.claim())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content != photo_with_a_place()
    assert Image.open(BytesIO(answer.content)).size == (SIZE[1], SIZE[0]), "upright, as its EXIF said"
    assert b"52.5163" not in answer.content


async def test_the_answer_is_a_picture_and_nothing_else(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    headers = (await pictures.image(await pictures.claim())).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "sandbox" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["cross-origin-resource-policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize(
    ("who", "status"), [("operator", 200), ("reviewer-2", 200), ("client", 403), ("stranger", 404), ("nobody", 401)]
)
async def test_who_may_see_the_case_sees_its_picture(pictures: PictureWorld, who: str, status: int) -> None:
    await pictures.picture_case("a")
    assert (await pictures.image(await pictures.claim(), who)).status_code == status


async def test_a_case_without_a_picture_has_none_to_show(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    pictures.store.remove(next(iter(pictures.store.names("2023-11-14"))))
    assert (await pictures.image(review)).status_code == 404


async def test_other_bytes_than_were_brought_are_not_shown(pictures: PictureWorld) -> None:
    """An operator of the store swaps the file for another one: its seal does not open."""
    handle = pictures.bring(PNG)
    await pictures.picture_case("a", handle)
    pictures.store.put(name_of(handle), pictures.store.get(name_of(pictures.bring(picture("png", colour=(1, 1, 1))))) or b"")
    answer = await pictures.image(await pictures.claim())
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (500, "seal-broken")


async def test_an_erased_case_leaves_no_byte_of_its_picture(pictures: PictureWorld) -> None:
    handle = pictures.bring(PNG)
    case_id = await pictures.picture_case("a", handle)
    review = await pictures.claim()
    stored = pictures.store.get(name_of(handle)) or b""
    await pictures.erase(case_id)
    assert (pictures.files(), (await pictures.image(review, "operator")).status_code) == ([], 410)
    left = [(await pictures.stored(case_id)).payload, (await pictures.state()).encode()]
    left += [each.read_bytes() for each in pictures.folder.rglob("*") if each.is_file()]
    for secret in (stored, PNG, handle.key.encode(), handle.sha256.encode(), digest_of(PNG).encode()):
        assert not any(secret in each for each in left)
    assert left[0].startswith(MARK)


async def test_the_last_case_that_names_a_picture_takes_it_along(pictures: PictureWorld) -> None:
    handle = pictures.bring(PNG)
    first, second = await pictures.picture_case("a", handle), await pictures.picture_case("b", handle)
    await pictures.erase(first)
    assert pictures.files() == ["bytes", "case"]
    await pictures.erase(second)
    assert pictures.files() == []


async def test_the_reconciler_removes_the_picture_of_an_erasure_that_a_crash_left_half_done(pictures: PictureWorld) -> None:
    case_id = await pictures.picture_case("a")
    await pictures.shards.shards["access"].submit(Envelope(EraseCase(case_id, "digits", "olga", "asked"), "e", "", "olga", "r"))
    await pictures.erasures().once()
    assert (pictures.files(), (await pictures.stored(case_id)).wrapped_key) == ([], None)


async def test_an_erased_picture_goes_although_its_task_is_gone(pictures: PictureWorld) -> None:
    case_id = await pictures.picture_case("a")
    await pictures.shards.shards["access"].submit(Envelope(EraseCase(case_id, "digits", "olga", "asked"), "e", "", "olga", "r"))
    pictures.tasks.pop("digits")
    await pictures.erasures().once()
    assert (pictures.files(), (await pictures.stored(case_id)).wrapped_key) == ([], None)


async def test_an_erasure_that_cannot_remove_the_picture_keeps_the_key_for_the_next_try(
    pictures: PictureWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await pictures.picture_case("a")

    def away(*_: object) -> None:
        raise OSError("the file system is away")

    monkeypatch.setattr(pictures.store._blobs, "remove", away)
    await pictures.erase(case_id)
    assert ((await pictures.stored(case_id)).wrapped_key is None, pictures.files()) == (False, ["bytes", "case"])
    monkeypatch.undo()
    await pictures.erasures().once()
    assert ((await pictures.stored(case_id)).wrapped_key, pictures.files()) == (None, [])


async def test_what_no_case_names_is_removed_after_its_day(pictures: PictureWorld) -> None:
    pictures.bring(PNG)
    await pictures.picture_case("a")
    await sweeper(pictures, 1).once()
    assert pictures.files() == ["bytes", "bytes", "case"], "a handle still opens cases"
    await sweeper(pictures, 3).once()
    assert pictures.files() == ["bytes", "case", "case"], "the third is the mark of a swept day"


async def test_a_request_that_came_to_nothing_keeps_no_picture(pictures: PictureWorld) -> None:
    handle = pictures.bring(PNG)
    pictures.store.claim(name_of(handle), "a" * 26)
    await sweeper(pictures, 3).once()
    assert pictures.files() == []


async def test_what_a_repeated_request_brought_before_goes(pictures: PictureWorld) -> None:
    """Each try stores its file and notes the case, which names the last one."""
    tried = pictures.bring(PNG)
    case_id = await pictures.picture_case("a")
    pictures.store.claim(name_of(tried), case_id)
    await sweeper(pictures, 3).once()
    assert not pictures.store.cases(name_of(tried))
    assert pictures.files() == ["bytes", "case", "case"], "the case's own file, its note, and the mark of a swept day"
    assert (await pictures.image(await pictures.claim())).status_code == 200


async def test_a_day_in_which_nothing_is_left_is_removed_whole(pictures: PictureWorld) -> None:
    pictures.bring(PNG)
    await sweeper(pictures, 3).once()
    assert list(pictures.folder.iterdir()) == []


async def test_other_files_in_the_folder_are_left_alone(pictures: PictureWorld) -> None:
    (pictures.folder / "2023-11-14").mkdir()
    other = [pictures.folder / "README", pictures.folder / "2023-11-14" / "notes.txt"]
    for each in other:
        each.write_text("mine")
    await sweeper(pictures, 3).once()
    assert [each.read_text() for each in other] == ["mine", "mine"]


async def test_a_picture_goes_with_its_case_also_where_the_task_takes_others_now(pictures: PictureWorld) -> None:
    case_id = await pictures.picture_case("a")
    now = pictures.tasks["digits"].model_dump(exclude={"data"})
    pictures.tasks["digits"] = TaskSpec.model_validate({**now, "input": {"kind": "text"}})
    await pictures.erase(case_id)
    assert pictures.files() == []


async def test_a_document_is_seen_page_by_page(pictures: PictureWorld) -> None:
    now = pictures.tasks["digits"].model_dump(exclude={"data"})
    pictures.tasks["digits"] = TaskSpec.model_validate({**now, "input": {"kind": "document", "max_pages": 5}})
    await pictures.picture_case("a", pictures.bring(document(2), "pdf", pages=2), "document")
    path = f"/v1/reviews/{(await pictures.claim())['review_id']}/image"
    first, second, third = [await pictures.call("GET", f"{path}?page={page}", "reviewer") for page in (1, 2, 3)]
    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 404]
    assert first.content != second.content
    assert first.headers["content-type"] == "image/png"
    assert (await pictures.call("GET", f"{path}?page=0", "reviewer")).status_code == 400

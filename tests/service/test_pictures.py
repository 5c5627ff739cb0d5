"""A picture on the running service: brought by a client, judged by a pipeline, seen and answered by a person, erased."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.cli.commands import accounts
from hitl.client import Client
from hitl.client.errors import ApiError
from hitl.identity import Role
from tests.example_tasks import running_examples
from tests.fixtures.pictures import document, photo_with_a_place, picture
from tests.running import ROOT, Running, claim

pytestmark = [pytest.mark.slow, pytest.mark.service]

TASK, PAPERS, BOT = "declared_pictures", "declared_invoice_pages", "picture-pipeline"
SAID = {"model": "picture-judge", "version": "2026-11-29", "label": "harmless", "score": 0.97}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_examples(tmp_path_factory.mktemp("pictures"), TASK, PAPERS) as found:
        found.keys.update(accounts.issue_all(found.state.redis_url, {BOT: (Role.CLIENT, Role.DECLARER)}))
        yield found


def shown(service: Running, review: dict[str, Any], who: str = "ada", page: int = 1) -> httpx2.Response:
    url = f"{service.url}/v1/reviews/{review['review_id']}/image?page={page}"
    return httpx2.get(url, headers={"authorization": f"Bearer {service.keys[who]}"}, timeout=60)


def exported(service: Running, task: str, case_id: str) -> dict[str, Any]:
    """The case among the examples, once its answer stands."""
    with Client(service.url, service.keys[BOT]) as bot, service.as_("trainer") as trainer:
        assert bot.wait(case_id, 60.0)["status"] == "decided"
        [row] = [row for row in trainer.examples(task)["examples"] if row["case_id"] == case_id]
        return dict(row)


def test_from_upload_to_export_and_erasure(service: Running, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo_with_a_place())
    with Client(service.url, service.keys[BOT]) as bot:
        blob = bot.upload(TASK, file)["blob"]
        told = bot.declare(TASK, {"image": blob}, [SAID])
    assert told["status"] != "decided"
    with service.as_("ada") as ada:
        review = claim(ada, TASK)
        assert review["payload"]["features"] == {"image": blob}
        answer = shown(service, review)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert b"52.5163" not in answer.content
        ada.answer(review["review_id"], review["lease"]["id"], "harmless")
    row = exported(service, TASK, told["case_id"])
    assert (row["features"], row["label"]) == ({"image": blob}, "harmless")
    blobs = service.place.data_dir / "blobs"
    assert len([each for each in blobs.rglob("*") if each.is_file()]) == 2
    with service.as_("operator") as operator:
        operator.erase_case(told["case_id"], "asked for it")
    assert [each for each in blobs.rglob("*") if each.is_file()] == []
    assert shown(service, review, "operator").status_code == 410


def test_a_picture_inside_its_case_is_seen_and_goes_with_it(service: Running) -> None:
    blobs, data = service.place.data_dir / "blobs", picture("jpeg", colour=(9, 90, 200))
    before = set(blobs.rglob("*/bytes"))
    with Client(service.url, service.keys[BOT]) as bot:
        told, again = (bot.declare(TASK, {"image": data}, [SAID], key="inside") for _ in range(2))
    assert again == told
    [file] = set(blobs.rglob("*/bytes")) - before
    with service.as_("ada") as ada:
        review = claim(ada, TASK)
        assert (review["case_id"], review["payload"]["features"]["image"]["type"]) == (told["case_id"], "jpeg")
        assert shown(service, review).status_code == 200
        ada.answer(review["review_id"], review["lease"]["id"], "harmless")
    with service.as_("operator") as operator:
        operator.erase_case(told["case_id"], "asked for it")
    assert not file.exists()


def test_what_is_no_picture_is_refused_and_the_service_lives(service: Running) -> None:
    with Client(service.url, service.keys[BOT]) as bot:
        for data in (b"<svg onload=alert(1)>", picture("png")[:-30], b""):
            with pytest.raises(ApiError, match="422"):
                bot.upload(TASK, data)
        assert bot.upload(TASK, picture("webp"))["blob"]["type"] == "webp"


def test_a_picture_of_another_account_names_nothing(service: Running) -> None:
    with Client(service.url, service.keys[BOT]) as bot, service.as_("client") as other:
        blob = bot.upload(TASK, picture("png"))["blob"]
        with pytest.raises(ApiError, match="422"):
            other.decide(TASK, {"image": blob})


def test_a_document_is_seen_page_by_page_beside_its_fields(service: Running) -> None:
    read = {"vendor": "Acme", "number": "R-1", "day": "2026-01-31", "total": "120.00"}
    said = {"model": "page-reader", "version": "2026-11-29", "score": 0.9, "value": read}
    with Client(service.url, service.keys[BOT]) as bot:
        blob = bot.upload(PAPERS, document(2))["blob"]
        told = bot.declare(PAPERS, {"document": blob}, [said])
    assert blob["pages"] == 2
    with service.as_("ben") as ben:
        review = claim(ben, PAPERS)
        pages = [shown(service, review, "ben", page) for page in (1, 2, 3)]
        assert [page.status_code for page in pages] == [200, 200, 404]
        assert pages[0].content != pages[1].content
        ben.answer(review["review_id"], review["lease"]["id"], value=read | {"total": "121.00"})
    row = exported(service, PAPERS, told["case_id"])
    assert (row["features"], row["value"]["total"]) == ({"document": blob}, "121.00")


def test_the_examples_of_the_page_run_as_written(service: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Last: the reviews that they open stay in the queues."""
    monkeypatch.chdir(tmp_path)
    Path("photo.jpg").write_bytes(photo_with_a_place())
    Path("invoice.pdf").write_bytes(document(1))
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "pictures-as-cases.md").read_text(encoding="utf-8"), re.S)
    assert len(examples) == 3
    for example in examples:
        with Client(service.url, service.keys[BOT]) as client:
            told: dict[str, Any] = {"client": client, "Path": Path}
            exec(re.sub(r"^client\.declare", "said = client.declare", example, flags=re.M), told)
        assert told["said"]["status"] in ("pending_human", "pending_expert")

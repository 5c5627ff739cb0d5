"""Invoices read by a real OCR engine (rapidocr-onnxruntime 1.4.4, PP-OCRv4) as a client's own pipeline.

Certified at a level of 0.05 beside a fixed threshold of 0.9, on the same scans: build/wide/documents.json. Then over HTTP: what
the engine read is declared, people correct it, and what is exported is the truth.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hitl.answers.fields import FieldsAnswer
from hitl.cli.commands import accounts
from hitl.client import Client
from hitl.identity import Role
from tests.clients.hosting import ENVIRONMENTS, environment_of, program
from tests.example_tasks import running_examples, serve_card
from tests.measure.documents import RISK, Stream, invoice_answer, measured_over
from tests.running import Running, until

pytestmark = pytest.mark.wide

Reading = dict[str, Any]
PROGRAM = "tests/clients/programs/invoice_reader.py"
PACKAGES = ("rapidocr-onnxruntime==1.4.4", "pypdfium2", "reportlab")
FITTING, PROVING, AFTER = 250, 500, 500
OVER_HTTP = 40


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    python = environment_of("ocr", *PACKAGES)
    said = program(python, PROGRAM, str(FITTING + PROVING + AFTER), "7").communicate(timeout=1800)[0]
    return [json.loads(line) for line in said.splitlines()]


def stream(answer: FieldsAnswer, readings: list[Reading]) -> Stream:
    """People correct every field that was misread."""
    names = [each.name for each in answer.fields]
    wrong = np.array([_wrong(answer, reading) for reading in readings])
    return Stream(np.array([[reading["scores"][name] for name in names] for reading in readings]), wrong, wrong)


def _wrong(answer: FieldsAnswer, reading: Reading) -> list[bool]:
    differing = answer.differing(answer.check(reading["value"]), answer.check(reading["truth"]))
    return [each.name in differing for each in answer.fields]


def test_certified_fields_keep_the_level_where_a_fixed_threshold_does_not(readings: list[Reading]) -> None:
    answer = invoice_answer()
    parts = (readings[:FITTING], readings[FITTING : FITTING + PROVING], readings[FITTING + PROVING :])
    found = measured_over(*(stream(answer, part) for part in parts), [each.name for each in answer.fields])
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    (ENVIRONMENTS / "documents.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found["fixed"]["true_error"] > RISK.level
    automatic = [rate for rate in [found["certified"], *found["certified_fields"].values()] if rate["threshold"] is not None]
    assert automatic
    for rate in automatic:
        decided = rate["share"] * AFTER
        noise = 3 * (RISK.level * (1 - RISK.level) / max(decided, 1)) ** 0.5
        assert rate["true_error"] <= RISK.level + noise


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_examples(tmp_path_factory.mktemp("documents"), "declared_invoices") as found:
        yield found


def test_what_the_engine_read_is_corrected_by_people_and_exported(
    service: Running, readings: list[Reading], tmp_path: Path
) -> None:
    keys = accounts.issue_all(service.state.redis_url, {"invoice-pipeline": (Role.CLIENT, Role.DECLARER)})
    serve_card(service, "invoice_reader", "declared_invoices")
    truths: dict[str, Reading] = {}
    with Client(service.url, keys["invoice-pipeline"]) as pipeline:
        until(lambda: _declare(pipeline, readings[0])["prediction"] is not None)
        truths = {str(_declare(pipeline, reading)["case_id"]): reading for reading in readings[:OVER_HTTP]}
    _correct(service, truths)
    with service.as_("trainer") as trainer:
        rows = {row["case_id"]: row for row in trainer.examples("declared_invoices")["examples"]}
    answer = invoice_answer()
    for case_id, reading in truths.items():
        assert answer.check(rows[case_id]["value"]) == answer.check(reading["truth"])
        is_right = answer.same(answer.check(reading["value"]), answer.check(reading["truth"]))
        assert (rows[case_id]["label"] == "as_declared") is is_right


def _declare(pipeline: Client, reading: Reading) -> dict[str, Any]:
    score = min(reading["scores"].values())
    said = {"model": "invoice-reader", "version": "2026-11-28", "value": reading["value"], "score": score}
    return dict(pipeline.declare("declared_invoices", {"text": f"Scan of {reading['truth']['number']}"}, [said]))


def _correct(service: Running, truths: dict[str, Reading]) -> None:
    left = set(truths)
    with service.as_("ada") as ada:
        while left:
            review = ada.claim("declared_invoices")["review"]
            truth = truths.get(review["case_id"], next(iter(truths.values())))["truth"]
            ada.answer(review["review_id"], review["lease"]["id"], value=truth)
            left.discard(review["case_id"])

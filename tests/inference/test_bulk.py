"""A table's scores are those that single decisions would show, and a row that does not fit spoils itself alone."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from stat import S_IMODE

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from hitl.adapters.ray import bulk_scoring
from hitl.adapters.ray.bulk_scoring import Piece, Scoring, pieces, ray_for, score_file
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, InvalidInput
from hitl.inference import Mlp, TorchMlp, pack
from hitl.inference.bulk import scored
from hitl.quality.calibration import Temperature
from hitl.routing.prediction import entropy
from hitl.tasks.inputs import FieldsInput
from tests.running import task_spec

SPEC = task_spec("digits")


def model() -> TorchMlp:
    torch.manual_seed(3)
    return TorchMlp(tuple(SPEC.labels), Mlp(SPEC.width, 8, len(SPEC.labels)), {}, Temperature(0.5))


def table(rows: list[object]) -> pa.Table:
    return pa.table({"id": list(range(len(rows))), "features": rows})


def images(n: int) -> list[object]:
    return list(np.random.default_rng(1).integers(0, 17, (n, SPEC.width)).astype(float).tolist())


def test_each_row_has_label_calibrated_probability_entropy_and_version() -> None:
    rows, mlp = images(5), model()
    found = scored(table(rows), SPEC, mlp, "v").to_pylist()
    calibrated = Temperature(0.5).probabilities(mlp.predict(np.asarray(rows, dtype=np.float32)))
    assert [row["label"] for row in found] == [SPEC.labels[i] for i in calibrated.argmax(axis=1)]
    assert [row["probability"] for row in found] == pytest.approx(calibrated.max(axis=1).tolist())
    assert [row["entropy"] for row in found] == pytest.approx([entropy(row) for row in calibrated.tolist()])
    assert [(row["id"], row["model_version"]) for row in found] == [(i, "v") for i in range(5)]


@pytest.mark.parametrize("bad", [[1.0], None, [99.0] * SPEC.width, [None] * SPEC.width, [float("nan")] * SPEC.width])
def test_a_row_that_does_not_fit_is_null_and_the_others_are_scored(bad: object) -> None:
    good = images(2)
    found = scored(table([good[0], bad, good[1]]), SPEC, model(), "v").to_pylist()
    assert [row["label"] is None for row in found] == [False, True, False]
    assert found[1] == {"id": 1, "label": None, "probability": None, "entropy": None, "model_version": None}


def test_a_file_without_the_input_is_refused() -> None:
    with pytest.raises(InvalidInput):
        scored(pa.table({"id": [1]}), SPEC, model(), "v")


def test_a_file_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    with pytest.raises(ZeroDivisionError), bulk_scoring._appearing(target):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_scores_can_be_read_by_whom_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        with bulk_scoring._appearing(tmp_path / "out.parquet") as fresh:
            fresh.write_bytes(b"scores")
    finally:
        os.umask(before)
    assert S_IMODE((tmp_path / "out.parquet").stat().st_mode) == mode


def test_scores_that_replace_a_file_keep_its_readers(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    target.touch(0o640)
    target.chmod(0o640)
    with bulk_scoring._appearing(target) as fresh:
        fresh.write_bytes(b"scores")
    assert (S_IMODE(target.stat().st_mode), target.read_bytes()) == (0o640, b"scores")


def test_a_choice_is_scored_as_it_is_trained_whatever_type_its_column_has() -> None:
    fields = [{"name": "c", "values": ["1", "2"]}, {"name": "n", "min": 0.0, "max": 9.0, "missing": 1.0}]
    kind = FieldsInput.model_validate({"kind": "fields", "fields": fields})
    columns = {"c": [1, 2, None, 3], "n": [None, 5, 5, 5]}
    rows, fits = kind.read_table(pa.table(columns))
    assert (rows.tolist(), fits.tolist()) == ([[1, 0, 1, 1], [0, 1, 5, 0]], [True, True, False, False])
    trained = kind.source_rows({name: cells[:2] for name, cells in columns.items()})
    assert trained.tolist() == rows.tolist()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--task", "nosuch"], "has no task 'nosuch', but breast_cancer"),
        (["--task", "digits", "missing/out"], "no directory missing"),
    ],
)
def test_the_command_refuses_what_it_cannot_score_in_words(tmp_path: Path, arguments: list[str], words: str) -> None:
    pq.write_table(table(images(1)), tmp_path / "in")
    option, task, *target = arguments
    code = [
        "-c",
        "from hitl.cli.main import main; main()",
        "score",
        str(tmp_path / "in"),
        *(target or [str(tmp_path / "out")]),
        option,
        task,
    ]
    said = subprocess.run([sys.executable, *code], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert words in " ".join(said.stderr.replace("│", " ").split())


def test_other_bytes_than_the_digest_says_score_nothing() -> None:
    with pytest.raises(ArtifactRejected):
        bulk_scoring.BulkScorer("in.parquet", Scoring(SPEC, "0" * 64, pack(model())))


@pytest.mark.parametrize(
    ("groups", "rows", "workers"), [(1, 10, 1), (1, 1001, 4), (3, 999, 2), (20, 10_000, 2), (5, 40_000_000, 2)]
)
def test_the_pieces_hold_every_row_once(groups: int, rows: int, workers: int) -> None:
    sizes, seen = [rows // groups] * (groups - 1) + [rows - rows // groups * (groups - 1)], []
    for piece in pieces(groups, rows, workers):
        before = sum(sizes[: piece.first])
        first, end = piece.within(sum(sizes[piece.first : piece.last + 1]))
        seen += [(before + first, before + end)]
    assert (seen[0][0], seen[-1][1]) == (0, rows)
    assert len(seen) >= workers
    assert all(end == first for (_, end), (first, _) in pairwise(seen))


@pytest.mark.parametrize("parts", [1, 3])
def test_a_piece_reads_its_own_rows_in_order(tmp_path: Path, parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_scoring, "ROWS_A_BATCH", 7)
    pq.write_table(table(images(100)), tmp_path / "in", row_group_size=40)
    read = [each for part in range(parts) for each in bulk_scoring._tables(str(tmp_path / "in"), Piece(1, 2, part, parts))]
    assert [row for each in read for row in each["id"].to_pylist()] == list(range(40, 100))


def test_a_file_without_rows_gives_one_with_all_columns(tmp_path: Path) -> None:
    source, target, data = tmp_path / "in", tmp_path / "out", pack(model())
    pq.write_table(table(images(1)).slice(0, 0), source)
    assert score_file(source, target, Scoring(SPEC, digest_of(data), data), 2, lambda rows: None) == 0
    assert pq.read_table(target).column_names == ["id", "label", "probability", "entropy", "model_version"]


def test_the_command_starts_without_ray() -> None:
    code = "import sys, hitl.cli.commands.score; print('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.slow
def test_workers_write_every_row_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "local")
    source, target, rows, data = tmp_path / "in.parquet", tmp_path / "out.parquet", images(3000), pack(model())
    pq.write_table(table([*rows, None]), source, row_group_size=500)
    done: list[int] = []
    with ray_for(2):
        unfit = score_file(source, target, Scoring(SPEC, digest_of(data), data), 2, done.append)
    written = pq.read_table(target)
    assert (unfit, sum(done), written["id"].to_pylist()) == (1, 3001, list(range(3001)))
    alone = scored(table(rows), SPEC, model(), digest_of(data))
    assert written["label"].to_pylist()[:-1] == alone["label"].to_pylist()
    assert sorted(os.listdir(tmp_path)) == ["in.parquet", "out.parquet"]

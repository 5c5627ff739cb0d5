"""From a model's file to an open approval: convert, try, compare, calibrate, evaluate, ask."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from hitl.adapters.checkers.admitting import admit
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import SplitData, split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference import Classifier, load
from hitl.inference.admission import Admission
from hitl.inference.families import family_named
from hitl.inference.rows import Rows, rows_of
from hitl.learning.held_out import NamedModel, verdicts
from hitl.tasks import TaskSpec
from training.api import TrainingApi
from training.calibrate import calibrate
from training.candidate import Candidate, Proposal, propose
from training.data import freeze_data
from training.evaluation import ImportEvidence, ImportFindings, champion_of, provenance
from training.importing.comparison import ConversionCheck, compare_with_original
from training.importing.formats import original_of
from training.importing.original import Original, Wanted
from training.mlflow_run import ParentRun
from training.promotion import pack_of

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Import:
    """``model`` is a file, or ``module:function`` in this process; ``classes`` are the labels in the model's own order (empty: it
    names them, or has the task's order); ``output`` is the graph's output to read (empty: it is found)."""

    model: str
    classes: tuple[str, ...]
    output: str
    tracking_uri: str
    artifact_uri: str
    datasets_dir: Path


@dataclass(frozen=True, slots=True)
class Imported:
    """The artifact, and what was found while it was made."""

    packed: bytes
    original: Original
    admission: Admission
    comparison: ConversionCheck

    def plain(self) -> ImportFindings:
        """For the evidence."""
        source = asdict(self.original.bundle.source)
        return {"source": source, "admission": asdict(self.admission), "comparison": self.comparison.plain()}


class ImportSummary(Proposal, ImportFindings):
    """What the command says at its end."""

    digest: str
    accuracy: float
    champion_accuracy: float | None


def import_model(spec: TaskSpec, given: Import, api: TrainingApi, say: Say) -> ImportSummary:
    """Ask for the approval of the model that ``given`` names. Returns approval, digest, accuracies. Blocks.

    Raises InvalidConfig for a model that is refused and ArtifactRejected for one that failed its trial: nothing was stored."""
    if family_named(spec.model.family).is_trained_here:
        raise InvalidConfig(
            spec.task, "model.family", f"{spec.model.family} is trained here: an imported model needs family onnx"
        )
    parts = split(spec, given.datasets_dir)
    imported = _imported(spec, given, parts, say)
    with ParentRun(given.tracking_uri, spec.task, f"import-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}") as run:
        candidate = _candidate(spec, given, parts, imported, api)
        say(f"candidate {candidate.digest[:12]}: accuracy {candidate.accuracy:.4f}, champion {candidate.champion_accuracy}")
        asked = propose(candidate, run, ArtifactStore(given.artifact_uri), api)
    say(f"approval {asked['approval_id']} is open")
    return {
        **asked,
        "digest": candidate.digest,
        "accuracy": candidate.accuracy,
        "champion_accuracy": candidate.champion_accuracy,
        **imported.plain(),
    }


def _imported(spec: TaskSpec, given: Import, parts: SplitData, say: Say) -> Imported:
    labels = tuple(spec.labels)
    original = original_of(given.model, Wanted(labels, spec.width, given.classes, given.output))
    say(f"converted: {original.bundle.source.format}, {len(original.bundle.graph):,} bytes")
    admission = asyncio.run(admit(original.bundle.to_bytes(), labels, spec.width))
    say(f"tried: {admission.rows} random rows, 64 of them in {admission.batch_ms:.1f} ms")
    comparison = compare_with_original(original, _loaded(spec, original.bundle.to_bytes()), _all_rows(parts))
    say(f"compared on {comparison.rows} rows: no other label, probabilities differ by {comparison.largest_difference:.1e}")
    kept = held_out_sample(parts.initial, labels) if len(parts.initial.rows) else None
    return Imported(calibrate(original.bundle.to_bytes(), kept, spec), original, admission, comparison)


def _all_rows(parts: SplitData) -> Rows:
    filled = [rows_of(part.rows.tolist()) for part in (parts.holdout, parts.initial, parts.rest) if len(part.rows)]
    return np.concatenate(filled)


def _candidate(spec: TaskSpec, given: Import, parts: SplitData, imported: Imported, api: TrainingApi) -> Candidate:
    data, store = freeze_data(spec, parts, api.examples(spec.task)), ArtifactStore(given.artifact_uri)
    held_out, digest = held_out_sample(parts.holdout, tuple(spec.labels)), digest_of(imported.packed)
    model, champion = _loaded(spec, imported.packed), champion_of(spec, api, store)
    judged = verdicts(spec, held_out, model, champion)
    evidence: ImportEvidence = {
        **judged,
        **provenance(spec, data, _params(imported), [], 0),
        "promotion": pack_of(spec, held_out, data, NamedModel(digest, model), champion),
        "trigger": None,
        "import": imported.plain(),
    }
    return Candidate(spec, imported.packed, digest, evidence)


def _params(imported: Imported) -> Mapping[str, str]:
    return {"format": imported.original.bundle.source.format, "original": imported.original.bundle.source.digest}


def _loaded(spec: TaskSpec, packed: bytes) -> Classifier:
    return load(packed, tuple(spec.labels), spec.width, "cpu")

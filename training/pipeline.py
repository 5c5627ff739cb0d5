"""Retrain from data to approval request: ``python -m training.pipeline --task digits --api URL``.

The job holds the trainer's key and no credentials of the journal: what it makes serves only after people approve it.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ray

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.canonical import digest_of
from hitl.client import Client
from hitl.inference import Classifier, load
from hitl.inference.families import family_named
from hitl.learning.held_out import verdicts
from hitl.tasks import TaskSpec
from training.api import PATIENCE, TrainingApi
from training.args import Args, parse_args
from training.candidate import Candidate, Proposal, propose
from training.data import freeze_data, parquet_of
from training.evaluation import Champion, Evidence, champion_of, provenance
from training.failure import cause_of
from training.learning import Learning
from training.mlflow_run import ParentRun
from training.promotion import pack_of
from training.sample import sample_of
from training.traced_job import UNTRACED, JobTrace, traced_job
from training.tuning import TuningResult

if TYPE_CHECKING:
    from training.encoding import RowReader


class Summary(Proposal):
    """The last line of the job."""

    digest: str
    accuracy: float
    champion_accuracy: float | None
    rows: int
    held_out_rows: int
    data_digest: str


_logger = logging.getLogger(__name__)
_STARTED = time.monotonic()


def main(argv: list[str] | None = None) -> None:
    _prepare_environment()
    args = parse_args(argv, run_name=f"retrain-{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{os.getpid()}")
    try:
        with traced_job(args) as trace, Client(args.api_url, args.api_key, PATIENCE, trace_headers=trace.headers) as client:
            api = TrainingApi(client)
            summary = retrain(_task(args, api), args, api, trace)
    except Exception as error:
        _logger.exception("the retraining of %s failed", args.task)
        ray.shutdown()  # before the last line, so that no worker's output follows it
        sys.exit(f"failed: {cause_of(error)}")
    ray.shutdown()
    _write(json.dumps({**summary, "seconds": round(time.monotonic() - _STARTED, 1)}))


def retrain(spec: TaskSpec, args: Args, api: TrainingApi, trace: JobTrace = UNTRACED) -> Summary:
    """Freeze data, tune, train, evaluate, ask for approval. Returns what the job's last line says."""
    labels, store, parts = tuple(spec.labels), ArtifactStore(args.artifact_uri), split(spec, args.datasets_dir)
    data = freeze_data(spec, parts, api.examples(spec.task), say)
    held_out = held_out_sample(parts.holdout, labels)
    say(f"data set {data.digest[:12]}: {len(data.examples)} examples to learn from, {len(held_out.rows)} held out")
    with ParentRun(args.tracking_uri, spec.task, args.compute.run_name) as run:
        run.traced(trace.context)
        run.document("manifest.json", {**data.manifest(), "parquet": store.put(parquet_of(data))})
        reader = _reader(spec, args, store)
        found, packed = Learning(spec, args.compute, store, run, reader, say).learn(sample_of(data, labels), held_out.rows)
        fresh = Champion(digest_of(packed), load(packed, labels, spec.width))
        champion = champion_of(spec, api, store)
        model, before = _measured(reader, fresh), None if champion is None else _measured(reader, champion)
        judged = verdicts(spec, held_out, model.model, before)
        pack = pack_of(spec, held_out, data, model, before, _as_served(reader, [fresh, *([champion] if champion else [])]))
        origin = provenance(spec, data, _params(spec, found), found.trials, args.compute.seed)
        evidence: Evidence = {**judged, **origin, "promotion": pack, "trigger": args.trigger}
        candidate = Candidate(spec, packed, digest_of(packed), evidence)
        say(f"candidate {candidate.digest[:12]}: accuracy {candidate.accuracy:.4f}, champion {candidate.champion_accuracy}")
        asked = propose(candidate, run, store, api)
    say(f"approval {asked['approval_id']} is open")
    return _summary(candidate, asked)


def _reader(spec: TaskSpec, args: Args, store: ArtifactStore) -> "RowReader | None":
    """None for a family that has no encoder."""
    if not family_named(spec.model.family).has_encoder:
        return None
    from training.encoding import RowReader, encoding_of  # only here: it needs ONNX Runtime, an optional package

    pictures = StoredPictures(args.blob_uri)
    return encoding_of(spec, store, pictures, say) or RowReader(pictures)


def _params(spec: TaskSpec, found: TuningResult) -> dict[str, object]:
    """The hyper-parameters as people see them, with the encoder that the head stands on."""
    return {**found.params, **({} if spec.model.encoder is None else {"encoder": spec.model.encoder})}


def _measured(reader: "RowReader | None", named: Champion) -> Champion:
    """Return a model that encodes each row once, however often it is asked."""
    return named if reader is None else Champion(named.digest, reader.measured(named.model))


def _as_served(reader: "RowReader | None", models: Sequence[Champion]) -> dict[str, Classifier]:
    """Return the models by digest as they serve, to be timed."""
    return {each.digest: each.model if reader is None else reader.timed(each.model) for each in models}


def _summary(candidate: Candidate, asked: Proposal) -> Summary:
    data = candidate.evidence["data"]
    return {
        **asked,
        "digest": candidate.digest,
        "accuracy": candidate.accuracy,
        "champion_accuracy": candidate.champion_accuracy,
        "rows": data["rows"],
        "held_out_rows": data["held_out"]["rows"],
        "data_digest": data["digest"],
    }


def say(line: str) -> None:
    """Progress for whoever follows the job's log: seconds since the start, then the line."""
    _write(f"[{time.monotonic() - _STARTED:5.1f} s] {line}")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _task(args: Args, api: TrainingApi) -> TaskSpec:
    """Return the task's definition in force, with the number of trials of the command line."""
    spec = api.task(args.task)
    if args.trials is None:
        return spec
    return spec.model_copy(update={"model": spec.model.model_copy(update={"trials": args.trials})})


def _prepare_environment() -> None:
    """Before Ray and MLflow start: no pickles from MLflow, no files from Tune beside those that we write, and no long waits in
    Train for epochs that are over in less."""
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    os.environ.setdefault("TUNE_DISABLE_AUTO_CALLBACK_LOGGERS", "1")
    os.environ.setdefault("RAY_TRAIN_HEALTH_CHECK_INTERVAL_S", "0.5")  # a worker that reports an epoch waits for the next look


if __name__ == "__main__":
    main()

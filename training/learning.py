"""From labelled rows to the candidate's bytes: a model is tuned and trained, over an encoder or together with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import InvalidConfig
from hitl.inference.rows import Rows
from hitl.inference.sample import TrainingSample
from hitl.tasks import TaskSpec
from hitl.tasks.fine_tune_terms import FineTune
from training.args import Compute
from training.calibrate import calibrate, keep_back
from training.failure import require_labels
from training.mlflow_run import ParentRun, TrialRuns
from training.training_run import train
from training.tuning import TuningResult, search

if TYPE_CHECKING:
    from training.encoding import RowReader


@dataclass(frozen=True, slots=True)
class Learning:
    """How one run makes its model. ``reader`` is None for a family that has no encoder."""

    spec: TaskSpec
    compute: Compute
    store: ArtifactStore
    run: ParentRun
    reader: "RowReader | None"
    say: Callable[[str], None]

    def learn(self, sample: TrainingSample, held_out: Rows) -> tuple[TuningResult, bytes]:
        """Return the best configuration and the model that it makes of the sample, calibrated on rows that were kept back from
        both. The held-out rows teach nothing: a graph that was exported must answer them as its network does. Blocks. Raises
        UntrainableSample, TuningFailed, InvalidConfig."""
        require_labels(sample)
        terms = self.spec.model.fine_tune
        if terms is None:
            return self._tuned(sample)
        if self.reader is None:
            raise InvalidConfig(self.spec.task, "model.fine_tune", "the run has nothing that reads pictures or texts")
        return self._fine_tuned(terms, self.reader, sample, held_out)

    def _fine_tuned(
        self, terms: FineTune, reader: "RowReader", sample: TrainingSample, held_out: Rows
    ) -> tuple[TuningResult, bytes]:
        from training.fine_tuning.run import FineTuning  # only here: it needs ONNX Runtime, an optional package

        tuning = FineTuning(self.spec, terms, reader, self.store, self.compute, self.say)
        params, packed = tuning.learn(sample, held_out)
        return TuningResult(params, []), packed

    def _tuned(self, sample: TrainingSample) -> tuple[TuningResult, bytes]:
        model, encoding = self.spec.model, None if self.reader is None else self.reader.encoding
        if encoding is not None:
            sample = encoding.encoded(sample)
            self.say(f"{len(sample.rows)} {self.spec.input.form.plural} encoded")
        fitting, kept = keep_back(sample, model.calibration, self.compute.seed)
        self.say(f"tuning {model.family}, {model.trials} trials")
        found = search(model, fitting, self.compute, TrialRuns(self.run, model.params, self.say))
        self.say(f"training with {found.params}, {len(kept.rows) if kept else 0} rows kept back for the calibration")
        packed = train(model.family, fitting, found.params, self.compute)
        return found, calibrate(packed if encoding is None else encoding.joined(packed, sample.labels), kept, self.spec)

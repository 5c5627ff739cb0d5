"""From labelled rows to one file that serves: train encoder and head together, export, compare, calibrate."""

import math
from dataclasses import dataclass

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import InvalidConfig
from hitl.inference import load
from hitl.inference.head_model import HeadModel
from hitl.inference.rows import Rows
from hitl.inference.sample import Hyperparameters, TrainingSample
from hitl.tasks import TaskSpec
from hitl.tasks.fine_tune_terms import MOST_WORDS, FineTune, SmallTransformerTerms
from training.args import Compute
from training.calibrate import calibrate, keep_back
from training.encoding import RowReader, Say
from training.fine_tuning.export import exported_encoder, head_of
from training.fine_tuning.group import Trained, train_network
from training.fine_tuning.inputs import Inputs
from training.fine_tuning.plan import NetworkPlan
from training.fine_tuning.start import Start, fitting_weights, start_from
from training.fine_tuning.vocabulary import known_tokens, tokenizer_of
from training.importing.comparison import compare_answers


@dataclass(frozen=True, slots=True)
class FineTuning:
    """One run's training of an encoder. ``rows`` reads pictures and texts; ``store`` holds the model to start from."""

    spec: TaskSpec
    terms: FineTune
    rows: RowReader
    store: ArtifactStore
    compute: Compute
    say: Say

    def learn(self, sample: TrainingSample, held_out: Rows) -> tuple[Hyperparameters, bytes]:
        """Return the parameters, for people, and the model's file, calibrated on rows that were kept back. Blocks. Raises
        InvalidConfig for a file to start from that does not fit, for a training that diverges, and where the exported model does
        not answer the held-out rows as the network does."""
        fitting, kept = keep_back(sample, self.spec.model.calibration, self.compute.seed)
        start = None if self.terms.start is None else start_from(self.spec, self.store.get(self.terms.start))
        inputs = self._inputs(fitting, start)
        weights = None if start is None else fitting_weights(self.spec, start, inputs.plan)
        self.say(f"fine-tuning {self.terms.architecture}, {self.terms.epochs} epochs, {len(fitting.rows)} {self._plural}")
        trained = train_network(inputs.plan, inputs.compact(fitting), weights, self.compute)
        if not math.isfinite(trained.loss):
            raise InvalidConfig(self.spec.task, "model.fine_tune.learning_rate", "the training diverged: its loss is no number")
        self.say(_told(trained, self.terms))
        encoder = exported_encoder(trained.network, inputs.plan, inputs.tokenizer)
        params = _params(self.terms, trained)
        packed = HeadModel(sample.labels, head_of(trained.network), params).joined_bytes(encoder)
        self._compare(trained, inputs, packed, held_out)
        vectors = None if kept is None else self.rows.vectors(encoder, kept)
        return {**params, "encoder": encoder.digest}, calibrate(packed, vectors, self.spec)

    @property
    def _plural(self) -> str:
        return self.spec.input.form.plural

    def _inputs(self, fitting: TrainingSample, start: Start | None) -> Inputs:
        """A start's words stay known, since its weights are theirs."""
        classes = len(fitting.labels)
        if not isinstance(self.terms, SmallTransformerTerms):
            return Inputs(NetworkPlan(self.terms, classes), b"", self.rows.pictures)
        most = self.terms.vocabulary or MOST_WORDS
        tokenizer = tokenizer_of(fitting.rows.tolist(), most) if start is None else start.tokenizer
        return Inputs(NetworkPlan(self.terms, classes, known_tokens(tokenizer)), tokenizer, self.rows.pictures)

    def _compare(self, trained: Trained, inputs: Inputs, packed: bytes, held_out: Rows) -> None:
        model = self.rows.measured(load(packed, tuple(self.spec.labels), self.spec.width))
        found = compare_answers(inputs.answers(trained.network, held_out), model.predict(held_out))
        self.say(
            f"the exported model answers {found.rows} held-out {self._plural} as the network does,"
            f" within {found.largest_difference:.1g}"
        )


def _told(trained: Trained, terms: FineTune) -> str:
    again = f"; a worker was lost, and the last attempt began after epoch {trained.began}" if trained.began else ""
    return f"{terms.epochs} epochs on {trained.workers} x {trained.device}, loss {trained.loss:.4f}{again}"


def _params(terms: FineTune, trained: Trained) -> Hyperparameters:
    """The terms as they were, with what they left to the job."""
    said = {name: value for name, value in terms.model_dump().items() if value is not None}
    return {**said, "workers": trained.workers, "device": trained.device}

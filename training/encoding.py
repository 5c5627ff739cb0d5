"""Turn the pictures or texts of a training run into their encoder's vectors, once for all trials: heads are trained on those."""

from collections.abc import Callable
from dataclasses import replace

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import InvalidConfig
from hitl.inference.artifact import MAX_BYTES
from hitl.inference.classifier import Classifier
from hitl.inference.encoders import Encoder, any_encoder_from, form_read_by
from hitl.inference.head_model import head_model_from
from hitl.inference.picture_head import PictureHead
from hitl.inference.pictures import PictureSource
from hitl.inference.sample import TrainingSample
from hitl.inference.vector_memory import VectorMemory
from hitl.tasks import TaskSpec

Say = Callable[[str], None]


class RowReader:
    """Each picture or text is read once a run and encoder."""

    def __init__(self, pictures: PictureSource) -> None:
        self.pictures, self._memory = pictures, VectorMemory(pictures)

    @property
    def encoding(self) -> "Encoding | None":
        """The encoder that stays as it is, None where it learns with its head."""
        return None

    def vectors(self, encoder: Encoder, sample: TrainingSample) -> TrainingSample:
        """Return the sample with the encoder's vectors for rows. Raises HitlError for a picture that cannot be read: a model
        shall not learn from fewer examples than the run's record says."""
        return replace(sample, rows=self._memory.vectors_of(encoder, sample.rows))

    def measured(self, model: Classifier) -> Classifier:
        """Return ``model`` for figures, each row read once through its own encoder."""
        return self._memory.measured(model)

    def timed(self, model: Classifier) -> Classifier:
        """Return ``model`` as it serves: it reads, decodes and encodes each row each time."""
        return model.seeing(self.pictures) if isinstance(model, PictureHead) else model


class Encoding(RowReader):
    """The rows of a run through one encoder, which stays as it is."""

    def __init__(self, encoder: Encoder, pictures: PictureSource) -> None:
        super().__init__(pictures)
        self.encoder = encoder

    @property
    def encoding(self) -> "Encoding":
        return self

    def encoded(self, sample: TrainingSample) -> TrainingSample:
        """Return the sample with vectors for rows. Raises as ``vectors``."""
        return self.vectors(self.encoder, sample)

    def joined(self, packed: bytes, labels: tuple[str, ...]) -> bytes:
        """Return the artifact of the head in ``packed`` with the encoder."""
        return head_model_from(packed, labels, self.encoder.width).joined_bytes(self.encoder)


def encoding_of(spec: TaskSpec, store: ArtifactStore, pictures: PictureSource, say: Say) -> Encoding | None:
    """Return the encoding of a task whose model has an encoder; None for the others. Raises ArtifactRejected where the store has
    none of that name, InvalidConfig for one that is refused."""
    digest = spec.model.encoder
    if digest is None:
        return None
    data, form = store.get(digest), spec.input.form
    try:
        if len(data) > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES} bytes")
        encoder = any_encoder_from(data)
        if form_read_by(encoder) is not form:
            raise ValueError(f"the encoder reads {form_read_by(encoder).plural}; the task's cases are {form.plural}")
    except ValueError as error:
        raise InvalidConfig(spec.task, "model.encoder", str(error)) from error
    say(f"encoder {digest[:12]}: {encoder.width} numbers for each of the {form.plural}")
    return Encoding(encoder, pictures)

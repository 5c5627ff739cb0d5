"""Load a model from bytes by their format; unknown formats are refused unread."""

import numpy as np

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.classifier import Classifier
from hitl.inference.families import family_of
from hitl.inference.rows import blank_rows

MAX_BYTES = 256 * 1024 * 1024


def pack(classifier: Classifier) -> bytes:
    """Return the artifact of a model; its SHA-256 is the model's identity."""
    return classifier.to_bytes()


def load(data: bytes, labels: tuple[str, ...], width: int, device: str = "auto") -> Classifier:
    """Load the model in ``data``, checked to answer one row with a distribution over ``labels``, unless it runs elsewhere. Runs
    no code of the file. ``device`` is where torch computes (hitl.inference.engine).

    Raises ArtifactRejected for anything else: a pickle, a torch or joblib file, other labels, another width, an encoder that is
    not installed.
    """
    digest = digest_of(data)
    try:
        classifier = _read(data, labels, width, device)
    except Exception as error:  # hostile bytes fail in any way inside the readers: all of it is one refusal
        raise ArtifactRejected(digest, f"{type(error).__name__}: {error}") from error
    return classifier


def _read(data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES} bytes")
    family = family_of(data)
    classifier = family.load(data, labels, width, device)
    if not family.is_carded:  # there is nothing here to ask
        _probe(classifier)
    return classifier


def _probe(classifier: Classifier) -> None:
    answer = classifier.predict(blank_rows(classifier.width, 1))
    if answer.shape != (1, len(classifier.labels)) or not np.isfinite(answer).all() or abs(answer.sum() - 1) > 1e-6:
        raise ValueError("one row does not give one distribution")

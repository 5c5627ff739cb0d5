"""The interface of a model family, and the place where one of its fits runs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.errors import InvalidConfig
from hitl.inference.cards import Card
from hitl.inference.classifier import Classifier
from hitl.inference.rows import RowForm
from hitl.inference.sample import Hyperparameters, TrainingSample


def _as_is(module: Any) -> Any:
    return module


@dataclass(frozen=True, slots=True)
class WorkerPlace:
    """The place of a fit: this worker's ``rank`` of ``world``, its device, and how a torch module joins the group."""

    rank: int = 0
    world: int = 1
    device: str = "cpu"
    join: Callable[[Any], Any] = _as_is


ALONE = WorkerPlace()


class Family(ABC):
    """One kind of model: how it is fitted and how its artifact is told apart and read.

    Import heavy libraries inside the methods: every process loads the table of families, few of them fit or serve each one.
    A family's models implement hitl.inference.Classifier; their ``to_bytes`` is the artifact.
    """

    name: str
    """As task files write it under ``model.family``."""
    reads: frozenset[RowForm]
    """The forms of input that it can be fitted on."""
    file_ending: str
    """Of the artifact's file in MLflow."""
    loads_with: tuple[str, ...] = ()
    """The modules that ``load`` imports."""
    parameters: frozenset[str] | None = None
    """The hyper-parameters that it takes; None: found out by ``fit`` alone. A task file is refused for another one."""
    fits_in_group = False
    """Whether several workers can share one fit (torch). ``fit`` then honours its ``place``."""
    is_trained_here = True
    """Whether this product fits it. Of one that it does not, retraining is the import of the next version."""
    is_foreign = False
    """Whether its artifacts compute what somebody else wrote down. They run in the predictor's processes, never in a gateway."""
    is_declared = False
    """Whether clients bring its answers with their cases. Its models read hitl.inference.declared.DeclaredRow, in the gateway."""
    is_carded = False
    """Whether people approve a card (hitl.inference.cards): the model runs elsewhere, and nobody measures it before it serves."""
    waits = False
    """Whether its models take long, or wait for others' machines. Its cases have a queue of their own: no others stand behind."""
    has_encoder = False
    """Whether it is a head over the vectors of an encoder that the task's file names (``model.encoder``)."""
    is_bendable = False
    """Whether ``calibration: auto`` may choose an isotonic map where rows are many; else it chooses a temperature."""

    def unknown_parameters(self, names: Iterable[str]) -> list[str]:
        """Return those of ``names`` that are no hyper-parameters of it."""
        return [] if self.parameters is None else sorted(set(names) - self.parameters)

    def libraries(self, device: str) -> tuple[str, ...]:
        """Return the modules that ``load`` imports for ``device``. A replica imports those of its tasks at its start, not at its
        first deployment."""
        return self.loads_with

    @abstractmethod
    def fit(self, sample: TrainingSample, params: Hyperparameters, seed: int, place: WorkerPlace = ALONE) -> Classifier:
        """Fit a model on ``sample``. Deterministic for a seed. Raises InvalidConfig for a parameter that it does not
        have."""

    @abstractmethod
    def recognises(self, data: bytes) -> bool:
        """Tell whether ``data`` claims to be an artifact of this family. Reads little, runs no code of the file."""

    @abstractmethod
    def load(self, data: bytes, labels: tuple[str, ...], width: int, device: str) -> Classifier:
        """Load the model in ``data``. Raises ValueError for a file that does not fit ``labels`` and ``width``; never runs its
        code."""

    def read_card(self, fields: Mapping[str, object], labels: Sequence[str]) -> Card:
        """Read the card that its makers wrote as ``fields``; ``labels`` are the task's, where it names none. Raises ValueError
        that names the key, InvalidConfig for a family without cards."""
        raise InvalidConfig("model", "family", f"{self.name} has no cards: declared and remote have")

    def require_installed(self) -> None:  # noqa: B027 - most families need no optional package
        """Raise InvalidConfig where an optional package that the family needs is not installed."""

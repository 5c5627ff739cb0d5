"""The schema of ``configs/tasks/*.yaml``. Unknown keys are refused; units are in the names."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from hitl.routing.policy import Policy, Probability, Risk, RoutingTerms, Sampling

TEXT_FAMILY = "sklearn.linear_model.LogisticRegression"
"""What a text's hashed character groups can be fitted with: thousands of mostly empty columns want a linear model."""

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NumberField(_Strict):
    """One named number of a row. ``unit`` is for people. With ``missing`` it may be null: the model then sees that value, and
    a second number that says so. A ``sensitive`` one is sealed at rest and masked in answers."""

    name: str
    min: float
    max: float
    unit: str = ""
    sensitive: bool = False
    missing: float | None = None

    @property
    def width(self) -> int:
        return 1 if self.missing is None else 2


class CategoryField(_Strict):
    """One named choice among ``values``. The model sees one number a value: 1 for the chosen, 0 for the others."""

    name: str
    values: Annotated[list[str], Field(min_length=2, max_length=1000)]
    sensitive: bool = False

    @property
    def width(self) -> int:
        return len(self.values)


def _kind_of_field(given: Any) -> str:
    is_category = "values" in given if isinstance(given, dict) else isinstance(given, CategoryField)
    return "category" if is_category else "number"


TableField = Annotated[
    Annotated[NumberField, Tag("number")] | Annotated[CategoryField, Tag("category")], Discriminator(_kind_of_field)
]


class VectorInput(_Strict):
    """``features`` is an array of ``size`` numbers in [min, max]; ``shape`` is how people see it (rows, columns).
    A ``sensitive`` one is sealed at rest and masked in answers."""

    kind: Literal["vector"]
    size: Annotated[int, Field(ge=1, le=65536)]
    min: float
    max: float
    shape: tuple[int, int] | None = None
    sensitive: bool = False


class FieldsInput(_Strict):
    """``features`` is an object with exactly these numbers and choices."""

    kind: Literal["fields"]
    fields: Annotated[list[TableField], Field(min_length=1)]


class TextInput(_Strict):
    """``features`` is an object with one text, ``field``, of 1 to ``max_chars`` characters. A ``sensitive`` one is sealed at
    rest and masked in answers."""

    kind: Literal["text"]
    field: str = "text"
    max_chars: Annotated[int, Field(ge=1, le=100_000)] = 2000
    sensitive: bool = False


class FileForm(_Strict):
    """How a CSV file is read. ``columns`` names the columns of a file without a header line; ``label_column`` holds the label,
    and ``label_names`` turns what it says into the task's labels; ``missing`` are the words for no value."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quoted: bool = True
    encoding: str = "utf-8"
    columns: list[str] | None = None
    label_column: str = "label"
    label_names: dict[str, str] = {}
    missing: list[str] = [""]


class DataSource(_Strict):
    """Rows that are labelled from the start. ``source`` is ``sklearn.<name>`` or a CSV or Parquet file, by its path under
    HITL_DATASETS_DIR or absolute, read as ``form`` says. After a shuffle with ``seed``: ``holdout_rows`` are kept for evaluation
    alone, then ``initial_rows`` train the first model; the rest is not used by the product (a demonstration streams it)."""

    source: str
    form: FileForm = FileForm()
    seed: int = 0
    initial_rows: Annotated[int, Field(ge=1)]
    holdout_rows: Annotated[int, Field(ge=1)]


class IntRange(_Strict):
    type: Literal["int"]
    low: int
    high: int
    log: bool = False


class FloatRange(_Strict):
    type: Literal["float"]
    low: float
    high: float
    log: bool = False


class Choice(_Strict):
    type: Literal["choice"]
    values: Annotated[list[str | int | float | bool], Field(min_length=1)]


Range = Annotated[IntRange | FloatRange | Choice, Field(discriminator="type")]


class CalibrationTerms(_Strict):
    """How the confidence is made to mean what it says: ``share`` of the training rows is kept back for it. ``auto`` is a
    temperature, or for scikit-learn with rows enough an isotonic map."""

    method: Literal["auto", "temperature", "isotonic", "none"] = "auto"
    share: Annotated[float, Field(gt=0, lt=0.5)] = 0.15


class ModelSpec(_Strict):
    """``family`` is ``torch_mlp`` or a scikit-learn classifier by its import path (``sklearn.linear_model.LogisticRegression``,
    the one that also reads text);
    ``params`` are fixed hyper-parameters, ``search`` the space that tuning explores in ``trials`` trials."""

    family: str
    params: dict[str, str | int | float | bool] = {}
    search: dict[str, Range] = {}
    trials: Annotated[int, Field(ge=1, le=1000)] = 6
    calibration: CalibrationTerms = CalibrationTerms()


class Consensus(_Strict):
    """Ask one more person until the label's posterior reaches ``target``; after ``max_answers`` an expert decides."""

    target: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    max_answers: Annotated[int, Field(ge=1, le=25)] = 5


class KnownItems(_Strict):
    """Cases whose answer is known come back with the probability ``share`` beside each review that is opened, for people who have
    not answered them. They are blind, but for the share ``suggested`` of them, which show an answer as the model's: with the
    probability ``wrong`` a wrong one."""

    share: Annotated[float, Field(gt=0, le=0.2)]
    suggested: Probability = 0.0
    wrong: Probability = 0.5


class ReviewTerms(_Strict):
    """How people answer.

    ``lease_s`` is how long a claim holds without a heartbeat; ``timeout_hours`` when an unanswered review is overdue (None: the
    service's REVIEW_TIMEOUT_HOURS, 24), and after ``warn_share`` of that time it is due soon. ``overlap`` independent answers
    settle a review by majority (``check_overlap`` a blind check; None: as many), or ``consensus`` says when they do; ``blind``
    hides the model's suggestion and others' answers until one has answered. An expert confirms ``expert_validation`` of the
    other people's decisions before they count (1: all). For ``undo_s`` seconds a decision is provisional and can be undone.
    ``skills`` names the skill that a segment's reviews need (``"*"``: every other segment's); ``capacity`` is how many leases
    one person may hold (None: any number). After ``quarantine_after`` failures that clients report, a review is taken out of
    its queue. ``known`` says how people are tested; at most the share ``second_looks`` of the labels is opened again because the
    model found them improbable.
    """

    lease_s: Annotated[float, Field(gt=0, le=86400)] = 120.0
    timeout_hours: Annotated[float, Field(gt=0, le=8760)] | None = None
    warn_share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    overlap: Annotated[int, Field(ge=1, le=25)] = 1
    check_overlap: Annotated[int, Field(ge=1, le=25)] | None = None
    blind: bool = False
    consensus: Consensus | None = None
    expert_validation: Probability = 0.0
    undo_s: Annotated[float, Field(ge=0, le=86400)] = 0.0
    skills: dict[str, Name] = {}
    capacity: Annotated[int, Field(ge=1, le=1000)] | None = None
    quarantine_after: Annotated[int, Field(ge=1, le=100)] = 3
    known: KnownItems | None = None
    second_looks: Annotated[float, Field(gt=0, le=0.2)] | None = None

    @model_validator(mode="after")
    def _suggestions_can_be_shown(self) -> Self:
        if self.blind and self.known is not None and self.known.suggested > 0:
            raise ValueError("known.suggested: a blind task shows no suggestion")
        return self


class CanaryTerms(_Strict):
    """An approved challenger decides growing shares of the cases. It goes one of ``steps`` on once it was given ``min_cases``
    and ``min_minutes`` have passed, and nothing speaks against it. It goes at once when its predictions fail more often than
    the champion's, or take ``max_slowdown`` times as long; and when blind checks say that more than ``level`` of its automatic
    decisions are wrong (where the policy states a risk level, that one counts)."""

    steps: Annotated[list[Annotated[float, Field(gt=0, le=1)]], Field(min_length=1, max_length=20)] = [0.05, 0.25, 1.0]
    min_cases: Annotated[int, Field(ge=1)] = 200
    min_minutes: Annotated[float, Field(ge=0)] = 30.0
    max_slowdown: Annotated[float, Field(gt=1)] = 3.0
    level: Annotated[float, Field(gt=0, lt=1)] = 0.05

    @model_validator(mode="after")
    def _steps_lead_to_all(self) -> Self:
        if self.steps != sorted(set(self.steps)) or self.steps[-1] != 1.0:
            raise ValueError("steps: shares that rise up to 1.0")
        return self


class ApprovalTerms(_Strict):
    """``quorum`` approving votes deploy a candidate; one rejection ends it; undecided after ``expires_hours`` it expires.
    ``canary`` says how an approved challenger takes over from the champion; None: all at once. A task's first model serves all
    at once either way. The newest candidate that waits for its votes or its turn watches the share ``shadow`` of the cases, after
    they were answered; None: it watches nothing."""

    quorum: Annotated[int, Field(ge=1, le=100)] = 2
    expires_hours: Annotated[float, Field(gt=0, le=8760)] = 168.0
    canary: CanaryTerms | None = None
    shadow: Annotated[float, Field(gt=0, le=1)] | None = None


class RetrainTerms(_Strict):
    """When a retraining starts by itself; without a key in the task file it never does. More than ``new_labels`` answers since
    the last one, a champion older than ``max_age_hours``, automation stopped by an alarm (``on_drift``), or every
    ``every_hours``."""

    new_labels: Annotated[int, Field(ge=1)] | None = 10
    max_age_hours: Annotated[float, Field(gt=0)] | None = None
    on_drift: bool = True
    every_hours: Annotated[float, Field(gt=0)] | None = None


class OverrideTerms(_Strict):
    """Corrections that answer the next equal case at once. ``near`` (None: only equal inputs) is the distance under which an
    input is the same case; an override ends after ``ttl_hours``, answers at most ``max_share`` of the cases, and a share
    ``audit`` of its answers is checked blindly."""

    near: Annotated[float, Field(gt=0, le=1)] | None = None
    ttl_hours: Annotated[float, Field(gt=0, le=8760)] = 168.0
    max_share: Probability = 0.01
    audit: Probability = 0.2


class TaskSpec(_Strict):
    """One decision problem. ``risk: uncertified`` says in words that the bands automate without a certificate; a risk level
    lets nothing be automatic before one. ``risk``, ``policy`` and ``sampling`` are the task's policy until people approve
    another one.

    ``sensitive_metadata`` names keys of a case's metadata that are treated like sensitive fields; ``sealed`` encrypts every
    input at rest although nothing is masked, so that a case can be erased.
    """

    task: Name
    title: str
    description: str = ""
    input: Annotated[VectorInput | FieldsInput | TextInput, Field(discriminator="kind")]
    labels: Annotated[list[str], Field(min_length=2)]
    data: DataSource
    model: ModelSpec
    risk: Risk | Literal["uncertified"]
    policy: RoutingTerms = RoutingTerms()
    sampling: Sampling = Sampling()
    review: ReviewTerms = ReviewTerms()
    approval: ApprovalTerms = ApprovalTerms()
    retrain: RetrainTerms | None = None
    overrides: OverrideTerms | None = None
    groups: Annotated[list[str], Field(max_length=5)] = []
    sensitive_metadata: list[str] = []
    sealed: bool = False

    @model_validator(mode="after")
    def _labels_differ(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("labels must differ")
        return self

    @model_validator(mode="after")
    def _the_family_reads_the_input(self) -> Self:
        if isinstance(self.input, TextInput) and self.model.family != TEXT_FAMILY:
            raise ValueError(f"model.family: a task over text needs {TEXT_FAMILY}")
        return self

    @model_validator(mode="after")
    def _overrides_can_be_compared(self) -> Self:
        if self.is_sealed and self.overrides is not None:
            raise ValueError("overrides: a task whose inputs are sealed has none: they could not be compared")
        return self

    def configured_policy(self) -> Policy:
        """The policy that the task's file describes."""
        terms = {name: getattr(self.policy, name) for name in RoutingTerms.model_fields}
        return Policy(**terms, risk=self.risk, sampling=self.sampling)

    @property
    def width(self) -> int:
        """The number of numbers that the model sees; 0 for a model that reads a text."""
        if isinstance(self.input, TextInput):
            return 0
        return self.input.size if isinstance(self.input, VectorInput) else sum(field.width for field in self.input.fields)

    @property
    def masks(self) -> bool:
        """Whether answers hide a part of the input."""
        given = self.input.fields if isinstance(self.input, FieldsInput) else [self.input]
        return bool(self.sensitive_metadata) or any(part.sensitive for part in given)

    @property
    def is_sealed(self) -> bool:
        """Whether inputs are encrypted at rest."""
        return self.sealed or self.masks

"""The schema of ``configs/tasks/*.yaml``. Unknown keys are refused; units are in the names."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hitl.routing.policy import Policy, Risk, RoutingTerms, Sampling
from hitl.tasks.input_spec import DataSource, FieldsInput, TextInput, VectorInput
from hitl.tasks.learning_terms import OverrideTerms, RetrainTerms
from hitl.tasks.model_spec import ModelSpec
from hitl.tasks.people_terms import ApprovalTerms, ReviewTerms
from hitl.tasks.strict import Name, Strict

TEXT_FAMILY = "sklearn.linear_model.LogisticRegression"
"""What a text's hashed character groups can be fitted with: thousands of mostly empty columns want a linear model."""

SENTENCE_FAMILY = "sentence_mlp"
"""A perceptron over the vectors of a sentence encoder, which is an optional extra."""


class TaskSpec(Strict):
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
        is_text, family = isinstance(self.input, TextInput), self.model.family
        if is_text and family not in (TEXT_FAMILY, SENTENCE_FAMILY):
            raise ValueError(f"model.family: a task over text needs {TEXT_FAMILY} or {SENTENCE_FAMILY}")
        if not is_text and family == SENTENCE_FAMILY:
            raise ValueError(f"model.family: {SENTENCE_FAMILY} reads texts alone")
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

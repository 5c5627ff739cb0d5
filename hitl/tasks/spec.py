"""The schema of ``configs/tasks/*.yaml``. Unknown keys are refused; units are in the names."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from hitl.answers.fields import FieldsAnswer
from hitl.answers.labels import AS_DECLARED, VALUE_LABELS
from hitl.answers.one_label import LabelAnswer
from hitl.answers.one_value import LabelsAnswer
from hitl.inference.families import FAMILIES, names_reading
from hitl.inference.rows import PICTURE
from hitl.routing.policy import Policy, Risk, RoutingTerms, Sampling
from hitl.tasks.answer_terms import NONE_OF_THESE, AnswerTerms
from hitl.tasks.data_source import NO_ROWS, DataSource
from hitl.tasks.fine_tune_terms import FineTune, SmallTransformerTerms
from hitl.tasks.guideline_terms import Guidelines, check_guidelines
from hitl.tasks.inputs import TaskInput, Vector
from hitl.tasks.label_names import check_labels
from hitl.tasks.learning_terms import OverrideTerms, RetrainTerms, VaultTerms
from hitl.tasks.model_spec import ModelSpec
from hitl.tasks.people_terms import ApprovalTerms, ReviewTerms
from hitl.tasks.retention_terms import RetentionTerms
from hitl.tasks.strict import Name, Strict


def _labels_of_the_kind(given: dict[str, Any]) -> list[str]:
    """The labels of a task whose file has none: those that its kind of answer fixes. ``given`` are the keys before ``labels``."""
    own = given["answer"].own_labels if "answer" in given else None
    return VALUE_LABELS if own is None else own


class TaskSpec(Strict):
    """One decision problem. ``risk: uncertified`` says in words that the bands automate without a certificate; a risk level
    lets nothing be automatic before one. ``risk``, ``policy`` and ``sampling`` are the task's policy until people approve
    another one. ``data`` may be left out where the model runs elsewhere.

    ``guidelines`` say by the label (by the field, where an answer is a value; by the choice, where it is a set of labels) when
    it is right. ``sensitive_metadata`` names keys of a case's metadata that are treated like sensitive fields; ``sealed``
    encrypts every input at rest although nothing is masked, so that a case can be erased.
    """

    task: Name
    title: str
    description: str = ""
    input: TaskInput
    answer: AnswerTerms = LabelAnswer()
    labels: Annotated[list[str], Field(min_length=2, default_factory=_labels_of_the_kind)]
    guidelines: Guidelines = {}
    data: DataSource = NO_ROWS
    model: ModelSpec
    risk: Risk | Literal["uncertified"]
    policy: RoutingTerms = RoutingTerms()
    sampling: Sampling = Sampling()
    review: ReviewTerms = ReviewTerms()
    approval: ApprovalTerms = ApprovalTerms()
    retrain: RetrainTerms | None = None
    overrides: OverrideTerms | None = None
    vault: VaultTerms = VaultTerms()
    retention: RetentionTerms = RetentionTerms()
    groups: Annotated[list[str], Field(max_length=5)] = []
    sensitive_metadata: list[str] = []
    sealed: bool = False

    @field_validator("labels")
    @classmethod
    def _labels_differ(cls, labels: list[str]) -> list[str]:
        check_labels(labels)
        return labels

    @model_validator(mode="after")
    def _answers_can_be_asked_for(self) -> Self:
        kind = self.answer.kind
        if kind == "label" and "labels" not in self.model_fields_set:
            raise ValueError("labels: a list of at least two")
        if kind != "label" and self.labels != _labels_of_the_kind({"answer": self.answer}):
            raise ValueError(f"labels: leave them out where answer.kind is {kind}, which has its own")
        return self if self.fields is None else self._values_can_be_asked_for(kind)

    def _values_can_be_asked_for(self, kind: str) -> Self:
        if not FAMILIES[self.model.family].is_declared:
            raise ValueError(f"answer.kind: {kind} is corrected from what clients declare; it needs model.family: declared")
        if self.overrides is not None or self.review.consensus is not None or self.review.second_looks is not None:
            raise ValueError(f"answer.kind: {kind} works without overrides, review.consensus and review.second_looks")
        if self.review.known is not None and self.review.known.suggested > 0:
            raise ValueError(f"review.known.suggested: no wrong value can be suggested; leave it out where answer.kind is {kind}")
        return self

    @model_validator(mode="after")
    def _no_label_is_the_answer_none(self) -> Self:
        if self.answer.none:
            try:
                check_labels(self.answers)
            except ValueError as error:
                raise ValueError(f"{error}; rename the label, or say answer: {{none: false}}") from error
        return self

    @model_validator(mode="after")
    def _guidelines_are_for_answers(self) -> Self:
        check_guidelines(self.guidelines, self.guided)
        return self

    @model_validator(mode="after")
    def _the_source_has_our_labels(self) -> Self:
        foreign = sorted(set(self.data.form.label_names.values()) - set(self.labels))
        if foreign:
            raise ValueError(f"data.form.label_names: {foreign[0]!r} is not one of the labels")
        return self

    @model_validator(mode="after")
    def _the_family_reads_the_input(self) -> Self:
        form, name = self.input.form, self.model.family
        if name not in FAMILIES:
            raise ValueError(f"model.family: expected one of {', '.join(FAMILIES)}, came {name!r}")
        if lacking := FAMILIES[name].unknown_parameters([*self.model.params, *self.model.search]):
            where = "params" if lacking[0] in self.model.params else "search"
            raise ValueError(f"model.{where}.{lacking[0]}: {name} has no such parameter")
        if form not in FAMILIES[name].reads:
            readers = " or ".join(names_reading(form))
            reads = " and ".join(sorted(each.plural for each in FAMILIES[name].reads))
            raise ValueError(f"model.family: {name} reads {reads} alone; a task over {form.word} needs {readers}")
        return self

    @model_validator(mode="after")
    def _the_head_has_an_encoder(self) -> Self:
        name, encoder, terms = self.model.family, self.model.encoder, self.model.fine_tune
        if FAMILIES[name].has_encoder and encoder is None and terms is None:
            raise ValueError("model.encoder: the SHA-256 that `hitl model encoder FILE` says; or model.fine_tune, to train one")
        if not FAMILIES[name].has_encoder and encoder is not None:
            raise ValueError(f"model.encoder: {name} has none; leave it out")
        if terms is not None:
            self._check_fine_tuning(terms)
        return self

    def _check_fine_tuning(self, terms: FineTune) -> None:
        if not FAMILIES[self.model.family].has_encoder:
            raise ValueError(f"model.fine_tune: {self.model.family} has no encoder; leave it out")
        if self.model.encoder is not None:
            raise ValueError("model.fine_tune: it makes the encoder; leave out model.encoder")
        if self.model.params or self.model.search:
            raise ValueError("model.fine_tune: the head is trained with the encoder; leave out model.params and model.search")
        fitting = "small_cnn" if self.input.form is PICTURE else "small_transformer"
        if terms.architecture != fitting:
            plural, came = self.input.form.plural, terms.architecture
            raise ValueError(f"model.fine_tune.architecture: cases are {plural}, which {fitting} reads; came {came}")
        if isinstance(terms, SmallTransformerTerms) and terms.start is not None and terms.vocabulary is not None:
            raise ValueError("model.fine_tune.vocabulary: that of the start stays; leave it out")

    @model_validator(mode="after")
    def _check_first_model_source(self) -> Self:
        """A model trained here needs initial rows; one trained elsewhere has nothing for training to set."""
        is_trained_here = FAMILIES[self.model.family].is_trained_here
        if not self.data.source and not FAMILIES[self.model.family].is_carded:
            raise ValueError(f"data: {self.model.family} needs labelled rows, to judge models with")
        if is_trained_here and self.data.initial_rows == 0:
            raise ValueError("data.initial_rows: the first model needs rows to learn from; 0 is for models of others alone")
        if not is_trained_here and (self.retrain is not None or self.model.params or self.model.search):
            raise ValueError(f"{self.model.family} is trained elsewhere: leave out retrain, model.params and model.search")
        return self

    @model_validator(mode="after")
    def _overrides_can_be_compared(self) -> Self:
        if self.is_sealed and self.overrides is not None:
            raise ValueError("overrides: a task whose inputs are sealed has none: they could not be compared")
        return self

    def configured_policy(self) -> Policy:
        """Return the policy that the task's file describes."""
        terms = {name: getattr(self.policy, name) for name in RoutingTerms.model_fields}
        return Policy(**terms, risk=self.risk, sampling=self.sampling)

    @property
    def answers(self) -> list[str]:
        """What people may answer: the labels in their order, and that none of them fits, where it is offered. A value is answered
        beside them."""
        own = self.labels if self.fields is None else [AS_DECLARED]
        return [*own, NONE_OF_THESE] if self.answer.none else own

    @property
    def guided(self) -> list[str]:
        """What may have a guideline, in the order in which people see it: the labels, the choices or the fields of a value, and
        that none of them fits."""
        if isinstance(self.answer, LabelsAnswer):
            own = self.answer.labels
        else:
            own = self.labels if self.fields is None else self.fields.names
        return [*own, NONE_OF_THESE] if self.answer.none else own

    @property
    def fields(self) -> FieldsAnswer | None:
        """The fields of the value that people answer with, None where they answer with a label."""
        return self.answer.values

    @property
    def parts(self) -> int:
        """How many parts an answer has: its fields, or 1 where it is a label."""
        return 1 if self.fields is None else len(self.fields.fields)

    @property
    def none_answer(self) -> str | None:
        """The answer that no label fits; None where it is not offered."""
        return NONE_OF_THESE if self.answer.none else None

    @property
    def width(self) -> int:
        """The number of numbers that the model sees; 0 for a model that reads a text, PICTURE_WIDTH for one of pictures."""
        return self.input.width

    @property
    def is_declared(self) -> bool:
        """Whether clients bring the predictions with their cases."""
        return FAMILIES[self.model.family].is_declared

    @property
    def predictions_by(self) -> Literal["client", "service"]:
        """Who brings predictions, for people and programs."""
        return "client" if self.is_declared else "service"

    @property
    def masks(self) -> bool:
        """Whether answers hide a part of the input."""
        return bool(self.sensitive_metadata) or self.input.masks

    @property
    def is_sealed(self) -> bool:
        """Whether inputs are encrypted at rest."""
        return self.sealed or self.masks


def vector_from(spec: TaskSpec, features: Any) -> Vector:
    """Return the model's input from a request's ``features``. Raises InvalidInput that names the place."""
    return spec.input.parse_vector(features)

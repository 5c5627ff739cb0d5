"""Request bodies of interactions and workflows."""

from typing import Annotated

from pydantic import Field

from hitl.canonical import JsonObject
from hitl.text_limits import MAX_TEXT
from serve_app.http.strict_body import Body, Comment

Name = Annotated[str, Field(max_length=200, pattern=r"\S")]
Text = Annotated[str, Field(max_length=MAX_TEXT)]


class OpenBody(Body):
    """A step that pauses. ``config`` is what the pattern takes; ``data`` the pipeline's own, which nobody's answer changes.
    ``id`` names the interaction, so that a program finds it again after a restart; without it the service makes one."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9.:@+-]{0,199}$")] | None = None
    pattern: Annotated[str, Field(max_length=64)]
    config: JsonObject = Field(default_factory=dict)
    data: JsonObject = Field(default_factory=dict)
    pipeline_name: Name = "pipeline"
    step_name: Name = "step"
    task: Annotated[str, Field(max_length=64)] | None = None


class AnswerBody(Body):
    """The fields of the interaction's ``ui_schema``."""

    user_input: JsonObject


class RespondBody(Body):
    """The documents' HumanInputRequest. ``user_id`` may be left out; it is the caller's own or refused."""

    interaction_id: Annotated[str, Field(max_length=300)]
    user_input: JsonObject
    user_id: Annotated[str, Field(max_length=200)] | None = None


class ReasonBody(Body):
    reason: Comment = ""


class StageBody(Body):
    name: Name | None = None
    type: Annotated[str, Field(max_length=64)]
    config: JsonObject = Field(default_factory=dict)
    approvalRequired: bool | None = None  # noqa: N815 - the documents' name


class WorkflowBody(Body):
    """A workflow of stages; without ``stages`` all five with their defaults. ``approvers`` are asked; empty: every approver."""

    name: Name
    description: Text = ""
    experimentName: Text = ""  # noqa: N815 - the documents' name
    modelName: Text = ""  # noqa: N815 - the documents' name
    stages: Annotated[list[StageBody], Field(max_length=50)] = Field(default_factory=list)
    approvers: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)


class CaseBody(Body):
    """A case of one of the templates."""

    workflow_type: Annotated[str, Field(max_length=64)]
    request_data: JsonObject


class PredictionBody(Body):
    """``ai_result`` has ``prediction`` and ``confidence``, and whatever else the model said."""

    ai_result: JsonObject


class CaseDecisionBody(Body):
    """``decision`` is approve, reject or, before an expert has it, escalate."""

    decision: Annotated[str, Field(max_length=64)]
    confidence: Annotated[float, Field(ge=0, le=1)] = 1.0
    feedback: Text = ""


class CaseFailureBody(Body):
    error: Annotated[str, Field(max_length=MAX_TEXT, pattern=r"\S")]


class StageResultBody(Body):
    """``attempt`` is what the start of the stage answered."""

    attempt: Annotated[int, Field(ge=1, le=2**31)]
    result: JsonObject = Field(default_factory=dict)


class StageFailureBody(Body):
    attempt: Annotated[int, Field(ge=1, le=2**31)]
    error: Annotated[str, Field(max_length=MAX_TEXT, pattern=r"\S")]

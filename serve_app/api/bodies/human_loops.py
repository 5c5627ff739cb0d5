"""Request bodies of Amazon A2I's runtime, with its field names."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from serve_app.http.strict_body import Body

LoopName = Annotated[str, Field(pattern=r"^[a-z0-9](-*[a-z0-9]){0,62}$")]
FlowArn = Annotated[
    str, Field(max_length=1024, pattern=r"^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:flow-definition/[A-Za-z0-9_-]{1,64}$")
]


class LoopInput(Body):
    """``InputContent`` is a JSON object, as a text."""

    InputContent: Annotated[str, Field(max_length=1_000_000)]


class LoopAttributes(Body):
    ContentClassifiers: list[Literal["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent"]]


class StartLoopBody(Body):
    """A loop of the task that the flow definition names behind its slash."""

    HumanLoopName: LoopName
    FlowDefinitionArn: FlowArn
    HumanLoopInput: LoopInput
    DataAttributes: LoopAttributes | None = None


class ListLoopsQuery(BaseModel):
    """Loops of one flow definition that began between two times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    FlowDefinitionArn: Annotated[str, Field(max_length=1024)]
    CreationTimeAfter: AwareDatetime | None = None
    CreationTimeBefore: AwareDatetime | None = None
    SortOrder: Literal["Ascending", "Descending"] = "Descending"
    NextToken: Annotated[str, Field(pattern=r"^\d{1,4}$")] | None = None
    MaxResults: Annotated[int, Field(ge=1, le=100)] = 100

    def fits(self, flow_arn: str, created_at: float) -> bool:
        """Tell whether a loop of ``flow_arn`` that began at ``created_at`` (UTC seconds) is asked for."""
        since = self.CreationTimeAfter.timestamp() if self.CreationTimeAfter else float("-inf")
        until = self.CreationTimeBefore.timestamp() if self.CreationTimeBefore else float("inf")
        return flow_arn == self.FlowDefinitionArn and since <= created_at <= until


class StopLoopBody(Body):
    HumanLoopName: LoopName

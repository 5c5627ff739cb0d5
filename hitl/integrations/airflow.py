"""An Airflow operator that waits for people without holding a worker: it defers to a trigger until they have voted.

The address and the key are those of the triggerer's environment (HITL_API_URL, HITL_API_KEY): neither is stored in Airflow.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from airflow.exceptions import AirflowFailException
from airflow.sdk import BaseOperator
from airflow.triggers.base import BaseTrigger, TriggerEvent

from hitl.client.async_human_layer import AsyncHumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest


@dataclass(frozen=True)
class ApprovalResult:
    """What the trigger tells the task that waits. Airflow stores its fields as JSON until the task runs again."""

    approved: bool
    status: str
    why: str


class ApprovalTrigger(BaseTrigger):  # type: ignore[misc] # its package is not installed here
    """Fires once, when the approval is decided or over. A triggerer that takes it over finds the same approval by its name."""

    def __init__(self, name: str, title: str, shown: dict[str, Any]) -> None:
        super().__init__()
        self.name, self.title, self.shown = name, title, shown

    def serialize(self) -> tuple[str, dict[str, Any]]:
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}", {"name": self.name, "title": self.title, "shown": self.shown}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        request = HumanApprovalRequest("workflow", self.title, context=self.shown, urgency="low", id=self.name)
        answer = await AsyncHumanLayer.from_environment().request_approval(request)
        why = "; ".join(answer.comments) or answer.reason or ""
        yield TriggerEvent(asdict(ApprovalResult(answer.approved, answer.status, why)))


class ApprovalOperator(BaseOperator):  # type: ignore[misc] # its package is not installed here
    """Succeeds when people approve ``title`` with what is ``shown``; fails, without another try, when they do not. A retry of the
    task asks anew."""

    template_fields = ("title", "shown")

    def __init__(self, *, title: str, shown: Mapping[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self.title, self.shown = title, dict(shown)

    def execute(self, context: Mapping[str, Any]) -> None:
        self.defer(trigger=ApprovalTrigger(_name_of(context["ti"]), self.title, self.shown), method_name="resume")

    def resume(self, context: Mapping[str, Any], event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what people said. Raises AirflowFailException unless it is a yes."""
        result = ApprovalResult(**event)
        if result.approved is not True:
            raise AirflowFailException(f"not approved ({result.status}): {result.why}")
        return asdict(result)


def _name_of(task: Any) -> str:
    """The same for every attempt to wait, and another for each try of the task."""
    parts = (task.dag_id, task.task_id, task.run_id, str(task.map_index), f"try{task.try_number}")
    return "airflow:" + ":".join("".join(each if each.isalnum() or each in ".+-" else "." for each in part) for part in parts)

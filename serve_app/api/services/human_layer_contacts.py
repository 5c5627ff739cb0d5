"""The HumanLayer SDK's questions to people as interactions: what is asked, and what was answered."""

from typing import Any

from hitl.canonical import Json, JsonObject
from hitl.errors import NotFound
from hitl.workflow.free_json import object_in
from hitl.workflow.show import iso
from hitl.workflow.state import InteractionPattern, InteractionStatus
from hitl.workflow.views import InteractionView
from serve_app.api.bodies.human_layer import ContactBody, ContactStatusBody, NamedOptionBody
from serve_app.api.bodies.workflows import OpenBody
from serve_app.api.services.human_layer_calls import MARK
from serve_app.api.views.human_layer import HumanContact, HumanContactSpec, HumanContactStatus

LASTS_S = 86_400.0
"""The SDK names no deadline: a question waits for a day."""

RESPONSE, OPTION = "response", "response_option_name"
ENDED = {
    InteractionStatus.EXPIRED: "[no answer] expired: nobody answered in time",
    InteractionStatus.CANCELLED: "[no answer] cancelled: the question was withdrawn",
}


def interaction_name(call_id: str) -> str:
    """Return the interaction's id.

    >>> interaction_name("call-x-7")
    'humanlayer:call-x-7:contact'
    """
    return f"{MARK}:{call_id}:contact"


def open_body(contact: ContactBody) -> OpenBody:
    """Return the step that waits for a person."""
    spec = contact.spec
    prompt = f"{spec.subject}\n\n{spec.msg}" if spec.subject else spec.msg
    responders = spec.channel.responders if spec.channel else None
    config: JsonObject = {"prompt": prompt, "ui_schema": {"fields": [*_fields(spec.response_options or [])]}, "timeout": LASTS_S}
    noted: JsonObject = {"run_id": contact.run_id, "call_id": contact.call_id, **spec.model_dump(mode="json")}
    return OpenBody(
        pattern=InteractionPattern.PAUSE.value,
        config=config | ({"assignees": [*responders]} if responders else {}),
        data={MARK: noted},
        pipeline_name=contact.run_id,
        step_name="human_contact",
    )


def contact_of(found: InteractionView) -> HumanContact:
    """Return the interaction as the SDK's question. Raises NotFound for an interaction that is none."""
    noted: dict[str, Any] = object_in(found.data, MARK)
    if not {"run_id", "call_id", "msg"} <= noted.keys():
        raise NotFound("human contact", found.interaction_id)
    names = ("subject", "channel", "response_options", "state")
    spec = HumanContactSpec(str(noted["msg"]), *(noted.get(name) for name in names))
    return HumanContact(str(noted["run_id"]), str(noted["call_id"]), spec, _status_of(found, noted))


def answer_of(body: ContactStatusBody) -> dict[str, Any]:
    """Return the fields of the form that a response fills in."""
    return {name: value for name, value in ((RESPONSE, body.response), (OPTION, body.response_option_name)) if value is not None}


def _fields(options: list[NamedOptionBody]) -> list[JsonObject]:
    """A text, which may be left empty where there are options to choose from."""
    text: JsonObject = {"name": RESPONSE, "type": "textarea", "label": "Your answer", "required": not options}
    if not options:
        return [text]
    shown: list[Json] = [{"value": each.name, "label": each.label} for each in options]
    return [{"name": OPTION, "type": "radio", "label": "Choose one", "options": shown, "required": True}, text]


def _status_of(found: InteractionView, noted: dict[str, Any]) -> HumanContactStatus:
    ended_at = iso(found.completed_at) if found.completed_at is not None else None
    given: dict[str, Any] = found.human_input or {}
    chosen = given.get(OPTION)
    said = given.get(RESPONSE) or _label_of(noted, chosen)
    if found.status is InteractionStatus.COMPLETED:
        return HumanContactStatus(iso(found.created_at), ended_at, said or "", chosen)
    return HumanContactStatus(iso(found.created_at), ended_at, ENDED.get(found.status), None)


def _label_of(noted: dict[str, Any], name: str | None) -> str | None:
    """Return what the chosen option is called: the SDK's tools hand on the text alone."""
    option = next((each for each in noted.get("response_options") or [] if each["name"] == name), None)
    return None if option is None else option["title"] or option["name"]

"""What the HumanLayer SDK (0.7.9) is answered, with its field names. Times are ISO 8601 with their offset."""

from dataclasses import dataclass

from hitl.canonical import JsonObject


@dataclass(frozen=True, slots=True)
class FunctionCallSpec:
    """What was asked: the function and its arguments. ``channel`` and ``reject_options`` are as they came, without secrets."""

    fn: str
    kwargs: JsonObject
    channel: JsonObject | None
    reject_options: list[JsonObject] | None
    state: JsonObject | None


@dataclass(frozen=True, slots=True)
class FunctionCallStatus:
    """``approved`` None: people have not decided. False also for what expired or was withdrawn; ``comment`` then says so."""

    requested_at: str
    responded_at: str | None
    approved: bool | None
    comment: str | None
    reject_option_name: str | None
    slack_message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function that waits for an approval, or has one."""

    run_id: str
    call_id: str
    spec: FunctionCallSpec
    status: FunctionCallStatus


@dataclass(frozen=True, slots=True)
class HumanContactSpec:
    """The question. ``channel`` and ``response_options`` are as they came, without secrets."""

    msg: str
    subject: str | None
    channel: JsonObject | None
    response_options: list[JsonObject] | None
    state: JsonObject | None


@dataclass(frozen=True, slots=True)
class HumanContactStatus:
    """``response`` None: nobody has answered. Of a question that ended without an answer it says so."""

    requested_at: str
    responded_at: str | None
    response: str | None
    response_option_name: str | None


@dataclass(frozen=True, slots=True)
class HumanContact:
    """A question to a person, with the answer once there is one."""

    run_id: str
    call_id: str
    spec: HumanContactSpec
    status: HumanContactStatus

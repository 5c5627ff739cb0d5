"""Request bodies of the HumanLayer SDK (0.7.9), with its field names. What it sends as null may be left out."""

from typing import Annotated, Literal

from pydantic import Field

from hitl.canonical import JsonObject
from hitl.text_limits import MAX_TEXT
from serve_app.api.bodies.approvals import Name
from serve_app.http.strict_body import Body

CallId = Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9][\w.:@+-]*$")]
Id = Annotated[str, Field(max_length=200)]
RunId = Annotated[str, Field(max_length=200, pattern=r"\S")]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Message = Annotated[str, Field(max_length=MAX_TEXT, pattern=r"\S")]


class SlackChannelBody(Body):
    """``bot_token`` is a secret of another service: it is read, and never stored."""

    channel_or_user_id: Id
    context_about_channel_or_user: Text | None = None
    bot_token: Annotated[str | None, Field(max_length=4_000, exclude=True, repr=False)] = None
    allowed_responder_ids: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None
    experimental_slack_blocks: bool | None = None
    thread_ts: Id | None = None


class PhoneChannelBody(Body):
    phone_number: Id
    context_about_user: Text | None = None


class RecipientBody(Body):
    address: Id
    context_about_user: Text | None = None
    field: Literal["to", "cc", "bcc"] | None = None


Recipients = Annotated[list[RecipientBody], Field(max_length=100)]


class EmailChannelBody(Body):
    address: Id
    context_about_user: Text | None = None
    additional_recipients: Recipients | None = None
    subject: Text | None = None
    references_message_id: Text | None = None
    in_reply_to_message_id: Text | None = None
    experimental_subject_line: Text | None = None
    experimental_references_message_id: Text | None = None
    experimental_in_reply_to_message_id: Text | None = None
    template: Annotated[str, Field(max_length=20_000)] | None = None


class ChannelBody(Body):
    """Where the asker would like people to be reached."""

    slack: SlackChannelBody | None = None
    sms: PhoneChannelBody | None = None
    whatsapp: PhoneChannelBody | None = None
    email: EmailChannelBody | None = None

    @property
    def responders(self) -> list[str] | None:
        """The ids of the only people who may answer, where it names some."""
        return None if self.slack is None else self.slack.allowed_responder_ids


class NamedOptionBody(Body):
    name: Annotated[str, Field(max_length=200, pattern=r"\S")]
    title: Annotated[str, Field(max_length=200)] | None = None
    description: Text | None = None
    prompt_fill: Text | None = None
    interactive: bool = False

    @property
    def label(self) -> str:
        return self.title if self.title and self.title.strip() else self.name


Options = Annotated[list[NamedOptionBody], Field(max_length=18)]


class CallSpecBody(Body):
    fn: Annotated[str, Field(max_length=200, pattern=r"\S")]
    kwargs: JsonObject
    channel: ChannelBody | None = None
    reject_options: Options | None = None
    state: JsonObject | None = None


class CallStatusBody(Body):
    """Of a new request all of it is null; of a response ``approved`` says what the caller votes."""

    requested_at: Id | None = None
    responded_at: Id | None = None
    approved: bool | None = None
    comment: Text | None = None
    reject_option_name: Annotated[str, Field(max_length=200)] | None = None
    slack_message_ts: Id | None = None


class CallBody(Body):
    """A function that waits for an approval. ``call_id`` is made by the client, and is its idempotency key."""

    run_id: RunId
    call_id: CallId
    spec: CallSpecBody
    status: CallStatusBody | None = None


class ContactSpecBody(Body):
    msg: Message
    subject: Text | None = None
    channel: ChannelBody | None = None
    response_options: Options | None = None
    state: JsonObject | None = None


class ContactStatusBody(Body):
    requested_at: Id | None = None
    responded_at: Id | None = None
    response: Annotated[str, Field(max_length=100_000)] | None = None
    response_option_name: Annotated[str, Field(max_length=200)] | None = None


class ContactBody(Body):
    """A question to a person. ``call_id`` is made by the client, and is its idempotency key."""

    run_id: RunId
    call_id: CallId
    spec: ContactSpecBody
    status: ContactStatusBody | None = None


class EscalationBody(Body):
    """People are told again, with ``escalation_msg``. Who hears of it is configured here, not chosen by the caller."""

    escalation_msg: Message
    additional_recipients: Recipients | None = None
    channel: ChannelBody | None = None

"""The kind ``chat``: messages of a conversation, each with who said it."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.inference.rows import TEXT
from hitl.tasks.inputs.kind import Vector
from hitl.tasks.inputs.text import BYTES_PER_CHARACTER, text_distance
from hitl.tasks.inputs.whole import WholeInput

ROLES = ("system", "user", "assistant", "tool")
"""Who says a message, in the words of the common chat interfaces."""

BESIDE_CONTENT = 64
"""Bytes of a message beside its text."""


class ChatInput(WholeInput):
    """``features`` is an object with ``messages``, 1 to ``max_messages`` of them, each with a ``role`` (system, user, assistant,
    tool) and a ``content``, a text; all texts together have at most ``max_chars`` characters. The model reads the messages as
    canonical JSON text. A ``sensitive`` chat is sealed at rest and masked in answers. A table holds each chat as JSON text of its
    messages in ``column``."""

    form = TEXT
    kind: Literal["chat"]
    max_messages: Annotated[int, Field(ge=1, le=500)] = 50
    max_chars: Annotated[int, Field(ge=1, le=100_000)] = 20_000
    column: Annotated[str, Field(min_length=1, max_length=200)] = "messages"

    @property
    def columns(self) -> list[str]:
        return [self.column]

    @property
    def request_bytes(self) -> int:
        return BYTES_PER_CHARACTER * self.max_chars + BESIDE_CONTENT * self.max_messages

    @property
    def most_values(self) -> int:
        return 3 + 5 * self.max_messages

    def parse_vector(self, features: Any) -> Vector:
        if not isinstance(features, dict) or features.keys() != {"messages"} or not isinstance(features["messages"], list):
            raise InvalidInput("/features", "an object with the array messages and nothing else")
        messages = features["messages"]
        if not 1 <= len(messages) <= self.max_messages:
            raise InvalidInput("/features/messages", f"1 to {self.max_messages} messages")
        if sum(_length(message, at) for at, message in enumerate(messages)) > self.max_chars:
            raise InvalidInput("/features/messages", f"texts of at most {self.max_chars} characters together")
        return canonical(messages).decode()

    def features_of(self, row: Any) -> Any:
        return {"messages": json.loads(str(row))}

    def features_in(self, row: dict[str, Any]) -> Any:
        """What is no JSON stays as it is, to be refused."""
        try:
            return {"messages": json.loads(row[self.column])}
        except (TypeError, ValueError):
            return {"messages": row[self.column]}

    def distance(self, one: Vector, other: Vector) -> float:
        """As for texts, of the chats' canonical JSON."""
        return text_distance(str(one), str(other))


def _length(message: Any, at: int) -> int:
    """Return the number of characters of a message. Raises InvalidInput for what is none."""
    place = f"/features/messages/{at}"
    if not isinstance(message, dict) or message.keys() != {"role", "content"}:
        raise InvalidInput(place, "an object with role and content and nothing else")
    if message["role"] not in ROLES:
        raise InvalidInput(f"{place}/role", f"one of {', '.join(ROLES)}")
    content = message["content"]
    if type(content) is not str:
        raise InvalidInput(f"{place}/content", "a text")
    return len(content)

"""Cases that are chats: what is refused, what the model reads, and that a table's row comes back."""

from typing import Any

import pytest

from hitl.errors import InvalidInput
from hitl.tasks.inputs import ChatInput

CHAT = ChatInput.model_validate({"kind": "chat", "max_messages": 3, "max_chars": 20})
MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello é"}]


def test_the_model_reads_canonical_json_and_features_come_back() -> None:
    row = CHAT.parse_vector({"messages": MESSAGES})
    assert row == '[{"content":"Hi","role":"user"},{"content":"Hello é","role":"assistant"}]'
    assert CHAT.features_of(row) == {"messages": MESSAGES}
    assert CHAT.features_in({"messages": row}) == {"messages": MESSAGES}


@pytest.mark.parametrize(
    ("features", "place"),
    [
        (None, "/features"),
        (MESSAGES, "/features"),
        ({"messages": MESSAGES, "more": 1}, "/features"),
        ({"messages": []}, "/features/messages"),
        ({"messages": MESSAGES * 2}, "/features/messages"),
        ({"messages": [{"role": "user", "content": "x" * 21}]}, "/features/messages"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "/features/messages/0/role"),
        ({"messages": [{"role": "user", "content": None}]}, "/features/messages/0/content"),
        ({"messages": [{"role": "user"}]}, "/features/messages/0"),
        ({"messages": [{"role": ["user"], "content": "x"}]}, "/features/messages/0/role"),
        ({"messages": ["x"]}, "/features/messages/0"),
    ],
)
def test_what_is_no_chat_is_refused_by_its_place(features: Any, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CHAT.parse_vector(features)
    assert refused.value.place == place


def test_a_sensitive_chat_is_masked_as_a_whole() -> None:
    secret = CHAT.model_copy(update={"sensitive": True})
    assert (CHAT.masks, secret.masks) == (False, True)
    assert secret.masked({"messages": MESSAGES}, "***") == "***"

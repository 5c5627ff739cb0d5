"""A small model that answers from a record: the examples run without a network and say the same thing every time."""

from typing import Any

_RECORD = {
    "summarise": "Demand fell after the price rose; the effect is moderate.",
    "careful": "Demand fell by about 4 % after the price rose (confidence 0.8); season explains the rest.",
}


def complete(prompt: str, model: str = "gpt-4o-mini", temperature: float = 0.2) -> dict[str, Any]:
    """An answer in the shape of a chat completion, with the tokens that it took."""
    text = _RECORD["careful" if "careful" in prompt.lower() else "summarise"]
    usage = {"prompt_tokens": len(prompt) // 4, "completion_tokens": len(text) // 4}
    return {"model": model, "text": text, "usage": usage, "confidence": 0.8 if "careful" in prompt.lower() else 0.6}

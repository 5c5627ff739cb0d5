"""``POST /v1/chat/completions`` as OpenAI and the many servers that speak like it have it, with log probabilities."""

import json
from math import exp
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from hitl.inference.declared import probabilities_of_score
from hitl.inference.remote.ports import EndpointCall
from hitl.inference.remote.protocol import CalledModel, Columns, EndpointAnswer, EndpointProtocol, json_object, require_same
from hitl.inference.rows import Rows, form_of_rows

Text = Annotated[str, Field(min_length=1, max_length=20_000)]


class ChatCompletions(EndpointProtocol):
    """``instructions`` tell the model to answer with one of the labels and nothing else. The case follows as the user's message:
    the text itself, or one line ``column: value`` a number. ``answers_as`` is the model that answers name; None: the card's."""

    kind: Literal["chat_completions"]
    instructions: Text
    columns: Columns = ()
    max_tokens: Annotated[int, Field(ge=1, le=64)] = 8
    seed: int = 0
    answers_as: Annotated[str, Field(max_length=200)] | None = None

    rows_a_call: ClassVar[int] = 1

    def call(self, rows: Rows, asked: CalledModel) -> EndpointCall:
        messages = [{"role": "system", "content": self.instructions}, {"role": "user", "content": self._case(rows)}]
        how = {"temperature": 0, "seed": self.seed, "max_tokens": self.max_tokens, "logprobs": True}
        return EndpointCall("/v1/chat/completions", json.dumps({"model": asked.model, "messages": messages, **how}).encode())

    def read(self, body: bytes, rows: int, asked: CalledModel) -> EndpointAnswer:
        """The label is the answer, whatever its case; its score is the mean probability of the answer's tokens."""
        told = json_object(body)
        require_same("model", self.answers_as or asked.model, told.get("model"))
        try:
            choice = told["choices"][0]
            text, tokens = choice["message"]["content"], choice["logprobs"]["content"]
            score = sum(exp(min(0.0, float(token["logprob"]))) for token in tokens) / len(tokens)
        except (KeyError, IndexError, TypeError, ZeroDivisionError) as error:
            raise ValueError("expected an answer with the log probabilities of its tokens") from error
        probabilities = probabilities_of_score(_label(text, asked.labels), score, len(asked.labels))
        return EndpointAnswer(np.array([probabilities], dtype=np.float64), _tokens(told))

    def _case(self, rows: Rows) -> str:
        plain = form_of_rows(rows).plain(rows[0])
        if isinstance(plain, str):
            return plain
        names = self.columns or [str(number) for number in range(1, len(plain) + 1)]
        return "\n".join(f"{name}: {value:g}" for name, value in zip(names, plain, strict=True))


def _label(text: object, labels: tuple[str, ...]) -> int:
    """Return the index of the label that ``text`` says. Raises ValueError for any other text."""
    said = str(text).strip().strip(".\"'").casefold()
    found = [at for at, label in enumerate(labels) if label.casefold() == said]
    if len(found) != 1:
        raise ValueError("the answer is none of the labels")
    return found[0]


def _tokens(told: dict[str, Any]) -> int:
    """Return what the answer cost; 0 where it does not say."""
    usage = told.get("usage")
    found = usage.get("total_tokens") if isinstance(usage, dict) else None
    return found if isinstance(found, int) and found > 0 else 0

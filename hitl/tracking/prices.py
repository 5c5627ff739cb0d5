"""Compute the cost of a model call from a table of prices, per million tokens and per image, in one currency."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Money = Annotated[float, Field(ge=0)]
PER = 1_000_000
"""Token prices are quoted for a million."""


class Price(BaseModel):
    """Prices of one model. ``cached_input`` None: cached tokens cost what others do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Money = 0.0
    output: Money = 0.0
    cached_input: Money | None = None
    image: Money = 0.0


def price_of(table: Mapping[str, Price], model: str) -> Price | None:
    """Return the price of ``model``: its own, or that of the longest listed name it extends (``m-2024-08-06`` extends ``m``).

    >>> price_of({"m": Price(input=1), "m-mini": Price(input=2)}, "m-mini-2024").input
    2.0
    """
    # A provider's prefix (``openai/m``) is no part of the model's name.
    name = model.rpartition("/")[2].lower()
    listed = {key.lower(): price for key, price in table.items()}
    fits = [key for key in listed if name == key or name.startswith((f"{key}-", f"{key}@", f"{key}:"))]
    return listed[max(fits, key=len)] if fits else None


def cost_of(price: Price, *, input_tokens: int = 0, output_tokens: int = 0, cached_tokens: int = 0, images: int = 0) -> float:
    """Return the cost of one call. ``cached_tokens`` are a part of ``input_tokens``.

    >>> cost_of(Price(input=2.0, output=8.0, cached_input=1.0), input_tokens=1000, output_tokens=500, cached_tokens=400)
    0.0056
    """
    cached = min(cached_tokens, input_tokens)
    cached_price = price.input if price.cached_input is None else price.cached_input
    tokens = (input_tokens - cached) * price.input + cached * cached_price + output_tokens * price.output
    return tokens / PER + images * price.image

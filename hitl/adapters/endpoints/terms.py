"""The operator's file of endpoints: where remote models are called, with which secret, how long and how often."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hitl.errors import InvalidConfig
from hitl.inference.cards import EndpointName
from hitl.yaml_text import from_yaml

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Amount = Annotated[float, Field(gt=0)]


class EndpointBudget(BaseModel):
    """What one predictor replica may spend in a UTC day; what is left out has no limit. Beyond it cases go to people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calls: Annotated[int, Field(gt=0)] | None = None
    tokens: Annotated[int, Field(gt=0)] | None = None
    dollars: Amount | None = None
    dollars_per_1000_tokens: Annotated[float, Field(ge=0)] = 0.0
    dollars_per_call: Annotated[float, Field(ge=0)] = 0.0


class EndpointTerms(BaseModel):
    """``url`` is what a card's protocol appends its path to. ``secret_file`` holds a bearer token, read at the predictor's start.
    ``plain_http``: the way there is yours, so that TLS may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    secret_file: Path | None = None
    plain_http: bool = False
    within_s: Annotated[float, Field(gt=0, le=120)] = 10.0
    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    at_once: Annotated[int, Field(ge=1, le=64)] = 8
    canary_s: Annotated[float, Field(ge=0, le=86_400)] = 300.0
    max_answer_bytes: Annotated[int, Field(ge=1024, le=2**26)] = 2**22
    budget: EndpointBudget = EndpointBudget()

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError("expected http(s)://host[:port][/path] without a query, a fragment or a password")
        return url.rstrip("/")

    @property
    def is_guarded(self) -> bool:
        """Whether nobody on the way can change an answer, or the operator says that there is nobody."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or parts.hostname in LOOPBACK or self.plain_http


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: dict[EndpointName, EndpointTerms]


def load_endpoints(text: str, source: str) -> dict[str, EndpointTerms]:
    """Load the terms by name. Raises InvalidConfig that names the key."""
    try:
        found = _File.model_validate(from_yaml(text, source)).endpoints
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, ".".join(map(str, first["loc"])), first["msg"]) from error
    for name, terms in found.items():
        if not terms.is_guarded:
            raise InvalidConfig(source, f"endpoints.{name}.url", "https://, or plain_http: true where the way there is yours")
    return found

"""The configuration of tracking, one YAML file: experiments by feature, prices, budgets, redaction patterns."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hitl.errors import InvalidConfig
from hitl.tracking.prices import Price
from hitl.tracking.redaction import RedactionPattern
from hitl.yaml_text import from_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feature(_Strict):
    """``experiment`` is the MLflow experiment's name; ``operations`` is for people."""

    experiment: Annotated[str, Field(min_length=1, max_length=250)]
    operations: list[str] = []


class Budget(_Strict):
    """At most ``limit`` a ``period`` for ``feature`` (``*``: all together); alerts go out at each share in ``alert_at``."""

    feature: str
    limit: Annotated[float, Field(gt=0)]
    period: Literal["day", "month"] = "month"
    alert_at: list[Annotated[float, Field(gt=0, le=10)]] = [0.8, 1.0]


class TrackingConfig(_Strict):
    """``currency`` is a word beside the figures; nothing is converted. Unknown keys are refused."""

    currency: str = "USD"
    features: dict[str, Feature] = {}
    prices: dict[str, Price] = {}
    budgets: list[Budget] = []
    redact: dict[str, str] = {}

    @property
    def experiments(self) -> dict[str, str]:
        """Experiment names by feature."""
        return {key: feature.experiment for key, feature in self.features.items()}

    @property
    def patterns(self) -> tuple[RedactionPattern, ...]:
        """The configured patterns beside the built-in ones."""
        return tuple(RedactionPattern(name, re.compile(regex)) for name, regex in self.redact.items())


def load_config(path: Path) -> TrackingConfig:
    """Load the tables in ``path``; empty ones where there is no such file. Raises InvalidConfig that names the key."""
    if not path.exists():
        return TrackingConfig()
    try:
        config = TrackingConfig.model_validate(from_yaml(path.read_text(encoding="utf-8"), str(path)) or {})
        _ = config.patterns
    except re.error as error:
        raise InvalidConfig(str(path), "redact", f"not a regular expression: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(str(path), ".".join(str(part) for part in first["loc"]), first["msg"]) from error
    return config

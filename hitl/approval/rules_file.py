"""Reading the rules of approvals: a wrong file stops the start with its key's name."""

import json
from pathlib import Path

from pydantic import ValidationError

from hitl.approval.rules import ApprovalRules
from hitl.errors import InvalidConfig
from hitl.yaml_text import from_yaml


def load_rules(path: Path) -> ApprovalRules:
    """Return what the YAML file at ``path`` says. Raises InvalidConfig that names the key, or the file that is not there."""
    try:
        return ApprovalRules.model_validate_json(json.dumps(from_yaml(path.read_text(encoding="utf-8"), str(path)) or {}))
    except OSError as error:
        raise InvalidConfig(str(path), "", f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(str(path), ".".join(str(part) for part in first["loc"]), first["msg"]) from error

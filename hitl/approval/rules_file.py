"""Reading the rules of approvals: a wrong file stops the start with its key's name."""

import json
from pathlib import Path

import yaml
from pydantic import ValidationError

from hitl.approval.rules import ApprovalRules
from hitl.errors import InvalidConfig


def load_rules(path: Path) -> ApprovalRules:
    """What the YAML file at ``path`` says. Raises InvalidConfig that names the key, or the file that is not there."""
    try:
        return ApprovalRules.model_validate_json(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")) or {}))
    except OSError as error:
        raise InvalidConfig(str(path), "", f"cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise InvalidConfig(str(path), "", f"not YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(str(path), ".".join(str(part) for part in first["loc"]), first["msg"]) from error

"""The OpenAPI document of the review application, without a running service: ``python -m serve_app.api.schema``."""

import json
import sys
from typing import Any

from serve_app.api.app import described_app


def openapi_document() -> dict[str, Any]:
    """The document that ``GET /openapi.json`` answers."""
    return described_app().openapi()


if __name__ == "__main__":
    json.dump(openapi_document(), sys.stdout, indent=1)
    sys.stdout.write("\n")

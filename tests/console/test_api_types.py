"""The console's types are those of the OpenAPI document."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_types_are_those_of_the_document() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_api_types.py"))
    written = made["TYPES_FILE"].read_text(encoding="utf-8")
    assert written == made["api_types"](), "run python docs/make_api_types.py"

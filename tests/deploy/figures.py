"""What tests measured on the way: build/wide/figures.json."""

import json
from collections.abc import Mapping

from tests.running import ROOT

FILE = ROOT / "build" / "wide" / "figures.json"


def note(name: str, figures: Mapping[str, float]) -> None:
    """Keep what was measured, beside what other tests did."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    rounded = {what: round(figure, 1) for what, figure in figures.items()}
    FILE.write_text(json.dumps({**known, name: rounded}, indent=1, sort_keys=True) + "\n")

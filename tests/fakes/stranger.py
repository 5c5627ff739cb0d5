"""The example's own reading of the journal's format, loaded as a stranger would run it: from its folder, by its path."""

import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

import access_folds  # noqa: E402
import journal_folds  # noqa: E402
import learning_folds  # noqa: E402
import replay_journal  # noqa: E402
import review_folds  # noqa: E402
import workflow_folds  # noqa: E402

__all__ = ["access_folds", "journal_folds", "learning_folds", "replay_journal", "review_folds", "workflow_folds"]

"""One trial of the search as the evidence shows it. Imports nothing heavy: an imported model has no trials."""

from typing import TypedDict

from hitl.inference.sample import Hyperparameters


class TrialRow(TypedDict):
    """One trial: its cross-validated figures and its time are None where it failed."""

    params: Hyperparameters
    log_loss: float | None
    accuracy: float | None
    seconds: float | None
    failed: bool

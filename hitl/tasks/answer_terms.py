"""What people may answer beside the task's labels."""

from hitl.tasks.strict import Strict

NONE_OF_THESE = "none_of_these"
"""The answer that no label of the task fits. No model gives it: it counts as the model's error, and no model learns from it."""


class AnswerTerms(Strict):
    """``none`` offers the answer ``none_of_these`` beside the labels: the case belongs to none of them."""

    none: bool = True

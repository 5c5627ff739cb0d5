"""Tracking of experiments, model calls and agents in MLflow, off the hot path."""

from hitl.tracking.decorators import (
    annotate,
    track_agent,
    track_custom,
    track_custom_operation,
    track_dalle_generation,
    track_gpt_text,
    track_gpt_vision,
    track_image_generation,
    track_rag,
    track_rag_operation,
    track_text,
    track_vision,
)
from hitl.tracking.documents import log_experiment_result, mlflow_tracker

__all__ = [
    "annotate",
    "log_experiment_result",
    "mlflow_tracker",
    "track_agent",
    "track_custom",
    "track_custom_operation",
    "track_dalle_generation",
    "track_gpt_text",
    "track_gpt_vision",
    "track_image_generation",
    "track_rag",
    "track_rag_operation",
    "track_text",
    "track_vision",
]

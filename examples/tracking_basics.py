"""The decorators, manual logging, custom metrics and error handling in one page. Run: python examples/tracking_basics.py"""

from local_mlflow import use_local_mlflow

uri = use_local_mlflow()

from recorded_model import complete  # noqa: E402

from hitl.tracking import mlflow_tracker, track_custom_operation, track_dalle_generation, track_gpt_text, track_gpt_vision  # noqa: E402


@track_gpt_text("pfd_conversion", "spec_generation")
def specify(prompt: str, model: str = "gpt-4o-mini", temperature: float = 0.2) -> dict[str, object]:
    return complete(prompt, model, temperature)


@track_gpt_vision("pid_verification", "diagram_analysis")
def look_at(image: bytes) -> dict[str, object]:
    return {
        "model": "gpt-4o",
        "usage": {"prompt_tokens": len(image), "completion_tokens": 40},
        "confidence": 0.92,
        "issue_count": 3,
    }


@track_dalle_generation("visual_generation")
def draw(prompt: str, model: str = "dall-e-3", size: str = "1024x1024") -> dict[str, object]:
    return {"data": [{"url": "recorded.png"}]}


@track_custom_operation("crs_analysis", "validation")
def validate(document: str) -> dict[str, object]:
    if not document:
        raise ValueError("an empty document")
    return {"valid": True, "score": 0.95, "accuracy": 0.97}


specify("Summarise the change")
look_at(b"\x89PNG" * 50)
draw("a valve between two tanks")
validate("a document")
try:
    validate("")
except ValueError as error:
    print("recorded and raised as itself:", error)

mlflow_tracker.log_experiment_result(
    feature="pfd_conversion",
    operation="spec_generation",
    params={"model": "gpt-4o", "temperature": 0.7},
    metrics={"tokens_used": 1500, "confidence": 0.95},
    tags={"version": "2.0"},
)
print("stored:", mlflow_tracker.flush(timeout_s=120), "in", uri)

"""An agent that calls two others: prompts, tokens, its own figures. Run: python examples/agent_with_mlflow.py"""

from pathlib import Path

from local_mlflow import use_local_mlflow

uri = use_local_mlflow()

from recorded_model import complete  # noqa: E402

from hitl.tracking import annotate, mlflow_tracker, track_text  # noqa: E402
from hitl.tracking.agents import load_agents  # noqa: E402
from hitl.tracking.plots import causal_chain, collaboration, kpi_dashboard  # noqa: E402

ROOT, GROUP = "causal-analytics", "Kisqali"
agents = load_agents((Path(__file__).parents[1] / "configs" / "agents").glob("*.yaml"))


@track_text("agents", "model_call")
def ask(prompt: str, model: str = "gpt-4o-mini") -> dict[str, object]:
    return complete(prompt, model)


def causal_impact(question: str) -> dict[str, object]:
    answer = ask(f"Be careful. {question}")
    chain = causal_chain([("price", "demand", -0.4), ("demand", "revenue", 0.8)])
    annotate(artifacts={"causal_chain.svg": chain})
    return {"answer": answer["text"], "causal_confidence": answer["confidence"]}


def explainer(finding: dict[str, object]) -> dict[str, object]:
    return {"text": f"In short: {finding['answer']}", "readability": 0.9}


analyse = agents["causal_impact"].tracked(causal_impact, root=ROOT, group=GROUP)
explain = agents["explainer"].tracked(explainer, root=ROOT, group=GROUP)


def orchestrator(question: str) -> dict[str, object]:
    result = explain(analyse(question))
    calls = {("orchestrator", "causal_impact"): 1, ("orchestrator", "explainer"): 1}
    annotate(artifacts={"collaboration.svg": collaboration(calls), "kpis.svg": kpi_dashboard({"uplift": [0.1, 0.3, 0.2, 0.5]})})
    return {**result, "answer_rate": 1.0}


run = agents["orchestrator"].tracked(orchestrator, root=ROOT, group=GROUP)
print(run("Why did demand fall?")["text"])
print("stored:", mlflow_tracker.flush(timeout_s=120), "in", uri)

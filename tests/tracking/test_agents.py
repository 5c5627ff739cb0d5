"""Agents: configuration, and the callback protocol of chains and graphs."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hitl.errors import InvalidConfig
from hitl.tracking import track_text
from hitl.tracking.agents import load_agent, load_agents
from hitl.tracking.callbacks import MlflowCallbackHandler
from hitl.tracking.tracker import Tracker
from tests.tracking.conftest import MemorySink

AGENTS = load_agents((Path(__file__).parents[2] / "configs" / "agents").glob("*.yaml"))
GROUPS = ("Remibrutinib", "Fabhalta", "Kisqali")


@pytest.mark.covers("002-03", "002-19")
def test_the_example_configuration_has_eleven_agents_in_five_tiers() -> None:
    assert len(AGENTS) == 11
    tiers = [sum(agent.tier == tier for agent in AGENTS.values()) for tier in range(1, 6)]
    assert tiers == [1, 3, 3, 2, 2]


@pytest.mark.covers("002-02", "002-14", "002-15")
@pytest.mark.parametrize("group", GROUPS)
def test_an_experiment_is_named_by_group_tier_and_use_case(group: str) -> None:
    assert AGENTS["gap_analyzer"].experiment("causal-analytics", group) == f"causal-analytics/{group.lower()}/tier-2/gap-analysis"


@pytest.mark.covers("002-09", "002-30", "002-16")
@pytest.mark.parametrize("name", sorted(AGENTS))
def test_every_agent_logs_prompts_tokens_and_its_own_figures(name: str, tracker: Tracker, sink: MemorySink) -> None:
    agent = AGENTS[name]
    model = track_text(name, "model_call")(lambda prompt: {"usage": {"input_tokens": 10, "output_tokens": 5}, "text": "answer"})

    def run(question: str) -> dict[str, Any]:
        model(question)
        return dict.fromkeys(agent.kpis, 0.5)

    agent.tracked(run, group="Kisqali")("why?")
    assert tracker.flush(5)
    (trace,) = sink.traces
    root, call = trace.spans
    assert (root.tags["agent"], root.tags["tier"], root.tags["group"]) == (name, str(agent.tier), "Kisqali")
    assert {kpi: root.metrics[kpi] for kpi in agent.kpis} == dict.fromkeys(agent.kpis, 0.5)
    assert (call.inputs, call.usage["total_tokens"]) == ({"prompt": "why?"}, 15)
    assert root.params == {"temperature": "0.2", "max_tokens": "2048", "model": "claude-sonnet"}


def test_a_wrong_agent_file_is_refused_with_the_keys_name(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("agent: a\ntitle: A\ntier: 1\nuse_case: x\nlog_prompt: true\n")
    with pytest.raises(InvalidConfig, match="log_prompt"):
        load_agent(file)


@pytest.mark.covers("002-04", "002-05", "002-06", "002-07", "002-08", "002-09")
def test_the_protocols_events_become_one_trace_charged_to_its_run(tracker: Tracker, sink: MemorySink) -> None:
    handler = MlflowCallbackHandler(AGENTS["causal_impact"], group="Fabhalta")
    chain, model, tool = uuid4(), uuid4(), uuid4()
    handler.on_chain_start({"name": "graph"}, {"question": "why?"}, run_id=chain)
    handler.on_chat_model_start(
        {"id": ["x", "Chat"]}, [["hello"]], run_id=model, parent_run_id=chain, invocation_params={"model": "gpt-4o"}
    )
    handler.on_llm_end(
        {"generations": [[{"text": "so"}]], "llm_output": {"token_usage": {"prompt_tokens": 7, "completion_tokens": 3}}},
        run_id=model,
    )
    handler.on_tool_start({"name": "sql"}, "select", run_id=tool, parent_run_id=chain)
    handler.on_tool_error(ValueError("no table"), run_id=tool, parent_run_id=chain)
    handler.on_chain_end({"answer": "so", "causal_confidence": 0.8}, run_id=chain)
    assert tracker.flush(5)
    root, failed, called = sink.traces[0].spans
    assert (root.name, root.is_run, root.metrics["causal_confidence"], root.usage["total_tokens"]) == ("graph", True, 0.8, 10)
    assert (called.name, called.params["model"], called.is_run) == ("Chat", "gpt-4o", False)
    assert (failed.status, failed.tags["error_type"]) == ("failure", "ValueError")


def test_unknown_events_and_steps_that_never_began_are_ignored(tracker: Tracker) -> None:
    handler = MlflowCallbackHandler()
    handler.on_something_new(1, run_id=uuid4())
    handler.on_chain_end({}, run_id=uuid4())
    assert tracker.counts.submitted == 0


@pytest.mark.covers("002-01", "002-04")
def test_the_real_langchain_core_drives_the_handler(tracker: Tracker, sink: MemorySink) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import RunnableLambda

    usage = {"input_tokens": 4, "output_tokens": 2, "total_tokens": 6}
    model = GenericFakeChatModel(messages=iter([AIMessage("because", usage_metadata=usage)]))
    chain = RunnableLambda(lambda question: f"Q: {question}") | model
    answer = chain.invoke("why?", config={"callbacks": [MlflowCallbackHandler(AGENTS["explainer"])]})
    assert answer.content == "because"
    assert tracker.flush(5)
    (trace,) = sink.traces
    call = next(span for span in trace.spans if span.kind == "CHAT_MODEL")
    assert (call.outputs["text"], call.usage, trace.spans[0].usage) == ("because", usage, usage)
    assert "Q: why?" in str(call.inputs)


def _spans(tracker: Tracker, sink: MemorySink) -> dict[str, Any]:
    assert tracker.flush(5)
    (trace,) = sink.traces
    return {span.name: span for span in trace.spans}


@pytest.mark.covers("002-04", "002-10", "002-11")
def test_real_tools_and_retrievers_are_spans_of_the_run(tracker: Tracker, sink: MemorySink) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import RunnableLambda
    from langchain_core.tools import tool

    class Shelf(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
            return [Document(page_content="a valve", metadata={"score": 0.9}), Document(page_content="a pump")]

    @tool
    def length(text: str) -> int:
        """The number of characters."""
        return len(text)

    def agent(question: str, config: Any) -> int:
        found = Shelf().invoke(question, config)
        return int(length.invoke({"text": found[0].page_content}, config))

    chain = RunnableLambda(agent).with_config(run_name="agent")
    assert chain.invoke("what stops a flow?", config={"callbacks": [MlflowCallbackHandler()]}) == 7
    spans = _spans(tracker, sink)
    assert (spans["Shelf"].inputs, spans["Shelf"].metrics["documents_retrieved"]) == ({"query": "what stops a flow?"}, 2)
    assert spans["Shelf"].metrics["similarity_max"] == 0.9
    assert (spans["length"].kind, spans["length"].outputs) == ("TOOL", 7)
    assert {spans[name].parent_id for name in ("Shelf", "length")} == {spans["agent"].span_id}


@pytest.mark.covers("002-04")
async def test_a_real_chain_that_fails_or_streams_stays_what_it_is(tracker: Tracker, sink: MemorySink) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import RunnableLambda

    def broken(_: Any) -> str:
        raise ValueError("no such pump")

    handler = MlflowCallbackHandler()
    model = GenericFakeChatModel(messages=iter([AIMessage("to be or not")]))
    pieces = [piece.content async for piece in model.astream("?", config={"callbacks": [handler]})]
    assert "".join(pieces) == "to be or not"
    with pytest.raises(ValueError, match="no such pump"):
        await RunnableLambda(broken).ainvoke("x", config={"callbacks": [handler]})
    assert tracker.flush(5)
    streamed, failed = (trace.spans[0] for trace in sink.traces)
    assert (streamed.outputs["text"], streamed.status) == ("to be or not", "success")
    assert (failed.status, failed.tags["error_type"]) == ("failure", "ValueError")

"""Two retrieval strategies over the same documents, compared by their own figures. Run: python examples/rag_with_mlflow.py"""

from collections.abc import Callable

from local_mlflow import use_local_mlflow

uri = use_local_mlflow()

from sklearn.decomposition import TruncatedSVD  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.metrics.pairwise import cosine_similarity  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402

from hitl.adapters.mlflow.reader import MlflowReader  # noqa: E402
from hitl.tracking import annotate, mlflow_tracker, track_rag  # noqa: E402
from hitl.tracking.compare import compare  # noqa: E402

DOCUMENTS = [
    "A valve stops the flow in a pipe.",
    "A pump raises the pressure of a liquid.",
    "A tank stores liquid; its level is measured by a gauge.",
    "A heat exchanger moves heat from one stream to another.",
    "A relief valve opens when the pressure is too high.",
]
QUESTIONS = {"what opens at high pressure": 4, "what stores liquid": 2, "what raises pressure": 1, "what stops a flow": 0}
STRATEGIES = {"words": TfidfVectorizer(), "latent": make_pipeline(TfidfVectorizer(), TruncatedSVD(3, random_state=0))}
Document = dict[str, object]


def retriever(strategy: str) -> Callable[[str], list[Document]]:
    model = STRATEGIES[strategy]
    vectors = model.fit_transform(DOCUMENTS)

    @track_rag("knowledge", "retrieval", params={"strategy": strategy})
    def retrieve(query: str, top_k: int = 3) -> list[Document]:
        scores = cosine_similarity(model.transform([query]), vectors)[0]
        found = [{"id": int(i), "text": DOCUMENTS[i], "score": float(scores[i])} for i in scores.argsort()[::-1][:top_k]]
        best = sorted(found, key=lambda item: -float(str(item["score"])) / len(str(item["text"])))
        annotate(reranked=best, context=" ".join(str(item["text"]) for item in best[:2]))
        annotate(metrics={"hit_at_1": float(found[0]["id"] == QUESTIONS[query])})
        return found

    return retrieve


for name in STRATEGIES:
    search = retriever(name)
    for question in QUESTIONS:
        search(question)
print("stored:", mlflow_tracker.flush(timeout_s=120), "in", uri)
comparison = compare(MlflowReader(uri).runs(["knowledge"], limit=1000), "hit_at_1", ["strategy"])
for line in comparison.lines:
    print(line.group["strategy"], {key: round(value, 3) for key, value in line.means.items() if key != "execution_time"})
print("best:", comparison.best.group if comparison.best else None)

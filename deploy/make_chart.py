"""Write the Helm chart's templates from the Kustomize base: ``python deploy/make_chart.py``.

The base is the text that people change; the chart differs from it in the values below and in nothing else. Rendered with its own
values.yaml the chart gives what ``kubectl kustomize`` gives of the base.
"""

import shutil
from pathlib import Path

HERE = Path(__file__).parent
BASE = HERE / "kubernetes" / "base"
COMPONENTS = HERE / "kubernetes" / "components"
CHART = HERE / "helm" / "ray-hitl"

SOURCES = {
    "service-account.yaml": BASE / "service-account.yaml",
    "rayservice.yaml": BASE / "rayservice.yaml",
    "shared-volume.yaml": BASE / "shared-volume.yaml",
    "valkey.yaml": BASE / "valkey.yaml",
    "network-policy.yaml": BASE / "network-policy.yaml",
    "disruption.yaml": BASE / "disruption.yaml",
    "mlflow.yaml": COMPONENTS / "mlflow" / "mlflow.yaml",
    "ingress.yaml": COMPONENTS / "ingress" / "ingress.yaml",
    "retraining.yaml": COMPONENTS / "retraining" / "nightly.yaml",
}

OPTIONAL = {"mlflow.yaml": "mlflow.enabled", "ingress.yaml": "ingress.enabled", "retraining.yaml": "retraining.enabled"}
"""Files that are there where this value is true."""

VALUES = {
    "image: ray-hitl\n": 'image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n',
    "image: docker.io/valkey/valkey:8.1-bookworm\n": "image: {{ .Values.store.image }}\n",
    "value: ray-hitl}": "value: {{ .Values.installation | quote }}}",
    'value: "http://mlflow:5000"': "value: {{ .Values.mlflow.uri | quote }}",
    'value: "file:///shared/artifacts"': "value: {{ .Values.artifactUri | quote }}",
    'value: "file:///shared/archive"': "value: {{ .Values.archiveUri | quote }}",
    'value: "file:///shared/blobs"': "value: {{ .Values.blobUri | quote }}",
    "--artifact-uri file:///shared/artifacts": "--artifact-uri {{ .Values.artifactUri }}",
    "--blob-uri file:///shared/blobs": "--blob-uri {{ .Values.blobUri }}",
    "--tracking-uri http://mlflow:5000": "--tracking-uri {{ .Values.mlflow.uri }}",
    "storage: 50Gi": "storage: {{ .Values.store.storage }}",
    "--maxmemory 3gb": "--maxmemory {{ .Values.store.maxmemory }}",
    "memory: 4Gi}, limits: {memory: 4Gi}": "memory: {{ .Values.store.memory }}}, limits: {memory: {{ .Values.store.memory }}}",
    "  resources: {requests: {storage: 20Gi}}": "  resources: {requests: {storage: {{ .Values.shared.storage }}}}",
    "replicas: 2\n        minReplicas: 2\n        maxReplicas: 6": "replicas: {{ .Values.workers.replicas }}\n"
    "        minReplicas: {{ .Values.workers.replicas }}\n        maxReplicas: {{ .Values.workers.maxReplicas }}",
    "hitl.example.org]": "{{ .Values.ingress.host }}]",
    "host: hitl.example.org": "host: {{ .Values.ingress.host }}",
    'schedule: "30 1 * * *"': "schedule: {{ .Values.retraining.schedule | quote }}",
    "--task digits": "--task {{ .Values.retraining.task }}",
}

TASKS = """apiVersion: v1
kind: ConfigMap
metadata: {name: hitl-tasks}
data:
{{- range $path, $_ := .Files.Glob "tasks/*.yaml" }}
  {{ base $path }}: |
{{ $.Files.Get $path | indent 4 }}
{{- end }}
"""


def templates() -> dict[str, str]:
    """The text of each template by its name."""
    made = {name: _template(name, source.read_text(encoding="utf-8")) for name, source in SOURCES.items()}
    return {**made, "tasks.yaml": TASKS}


def _template(name: str, text: str) -> str:
    for plain, value in VALUES.items():
        text = text.replace(plain, value)
    if name == "rayservice.yaml":
        text = _with_more_environment(text)
    return f"{{{{- if .Values.{OPTIONAL[name]} }}}}\n{text}{{{{- end }}}}\n" if name in OPTIONAL else text


def _with_more_environment(text: str) -> str:
    """Settings of the values after those of the base. The workers share the list (a YAML anchor)."""
    last = '                - {name: MLFLOW_DISABLE_TELEMETRY, value: "true"}\n'
    more = (
        "{{- range $name, $value := .Values.settings }}\n"
        "                - {name: {{ $name }}, value: {{ $value | quote }}}\n{{- end }}\n"
    )
    before, after = text.split(last)
    return before + last + more + after


def main() -> None:
    target = CHART / "templates"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, text in templates().items():
        (target / name).write_text(text, encoding="utf-8")
    (CHART / "tasks").mkdir(exist_ok=True)
    for file in (BASE / "files").iterdir():
        shutil.copyfile(file, CHART / "tasks" / file.name)


if __name__ == "__main__":
    main()

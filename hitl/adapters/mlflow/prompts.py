"""Prompts in MLflow's registry, under names that cannot collide with models."""

from mlflow import MlflowClient
from mlflow.entities.model_registry import PromptVersion

from hitl.adapters.mlflow.errors import asking
from hitl.errors import NotFound
from hitl.tracking.prompts import Prompt, registry_name


class MlflowPrompts:
    """Raises NotFound, InvalidInput, SinkAway. Names get their suffix here and lose nothing else."""

    def __init__(self, uri: str) -> None:
        self._uri, self._client = uri, MlflowClient(uri)

    def register(self, name: str, template: str, *, message: str = "", tags: dict[str, str] | None = None) -> Prompt:
        """Register a new version of a prompt."""
        with asking(self._uri, "prompt", name):
            return _prompt(self._client.register_prompt(registry_name(name), template, commit_message=message or None, tags=tags))

    def load(self, name: str, *, version: int | None = None, alias: str | None = None) -> Prompt:
        """Load a version by number or alias; the latest when neither is given."""
        stored = registry_name(name)
        with asking(self._uri, "prompt", name):
            if alias is not None:
                found = self._client.get_prompt_version_by_alias(stored, alias)
            else:
                found = self._client.get_prompt_version(stored, version if version is not None else self._latest(name))
        if found is None:
            raise NotFound("prompt", f"{name} {alias or version or ''}".strip())
        return _prompt(found)

    def set_alias(self, name: str, alias: str, version: int) -> None:
        """Point an alias to a version."""
        with asking(self._uri, "prompt", name):
            self._client.set_prompt_alias(registry_name(name), alias, version)

    def versions(self, name: str) -> list[Prompt]:
        """Return every version, the newest first."""
        with asking(self._uri, "prompt", name):
            found = self._client.search_prompt_versions(registry_name(name), max_results=1_000)
        return sorted((_prompt(item) for item in found), key=lambda item: -item.version)

    def _latest(self, name: str) -> int:
        versions = self.versions(name)
        if not versions:
            raise NotFound("prompt", name)
        return versions[0].version


def _prompt(item: PromptVersion) -> Prompt:
    return Prompt(item.name, int(item.version), str(item.template), dict(item.tags or {}))

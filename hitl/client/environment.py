"""Read the service's address and key from the environment."""

from typing import Annotated

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ClientSettings(BaseSettings):
    """``fallbacks`` are further addresses of the service, separated by commas, asked in their order."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    api_url: Annotated[str, Field(validation_alias=AliasChoices("HITL_API_URL", "HUMAN_LAYER_BASE_URL"))] = (
        "http://127.0.0.1:8000"
    )
    api_key: Annotated[str, Field(validation_alias=AliasChoices("HITL_API_KEY", "HUMAN_LAYER_API_KEY"), repr=False)]
    fallbacks: Annotated[str, Field(validation_alias=AliasChoices("HITL_API_FALLBACKS"))] = ""

    @property
    def addresses(self) -> list[str]:
        return [self.api_url, *(url.strip() for url in self.fallbacks.split(",") if url.strip())]

"""All routes of learning under one name."""

from fastapi import APIRouter

from serve_app.api.routes import evidence_pages, overrides, suggestions, triggers

router = APIRouter()
for part in (triggers, overrides, suggestions, evidence_pages):
    router.include_router(part.router)

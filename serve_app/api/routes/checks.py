"""Code and content looked at by programs alone: what a request for approval would show, without one."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from hitl.checks import POLICIES, Severity
from serve_app.api.services.checking import MAX_CHARACTERS, code_report, content_report
from serve_app.api.services.context import AnyCaller
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.operation import CodeCheck, ContentCheck
from serve_app.http.strict_body import Body

router = APIRouter(prefix="/v1/checks", tags=["checks"], route_class=StrictRoute)

Text = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]


class CodeBody(Body):
    code: Text
    language: Literal["python", "sql", "shell", "other"] = "python"


class ContentBody(Body):
    """``policies``: hate_speech, confidential_data, pii, secrets; all of them where it is left out."""

    content: Text
    policies: Annotated[list[str], Field(min_length=1, max_length=10)] = Field(default_factory=lambda: list(POLICIES))


@router.post("/code", summary="What is dangerous in a piece of code; nothing is run (any caller)")
async def analyze_code_security(body: CodeBody, caller: AnyCaller) -> CodeCheck:
    report = (await code_report(body.code, body.language)).view()
    return CodeCheck(report.check, report.severity, report.findings, report.severity in (Severity.NONE, Severity.LOW))


@router.post("/content", summary="What a text must not be published with (any caller)")
async def check_content_compliance(body: ContentBody, caller: AnyCaller) -> ContentCheck:
    report = (await content_report(body.content, body.policies)).view()
    is_compliant = report.severity is Severity.NONE
    return ContentCheck(report.check, report.severity, report.findings, body.policies, is_compliant)

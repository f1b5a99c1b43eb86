"""`/issues/` over REST: the ladder's list, with the door of reports added."""

from __future__ import annotations

from typing import ClassVar

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from escalation.api import documents
from escalation.api.views import IssueListApi, described
from incidents.models import Issue
from intake import services
from intake.forms import ReportForm
from kernel.errors import NotAllowed
from rest.views import Authority


class IssuesApi(IssueListApi):
    """The list is for people with a post; anyone signed in may report."""

    authority: ClassVar[Authority] = "signed_in"  # type: ignore[assignment]

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if request.method != "POST" and self.actor.is_stranger:
            raise NotAllowed("You need a post to read issues. You may report one", code="no_post")

    @described(ReportForm, status=201, summary="Report an issue")
    def post(self, request: Request) -> Response:
        """Puts an issue on record at the foot of the ladder and tells IMT.

        Answers the issue, or to somebody who may not read it afterwards its reference and version only.
        """
        issue = services.issue_report(by=self.actor, data=self.body)
        response = self.answer(self._document(issue), version=issue.version, status=201)
        response.headers["Location"] = reverse("api:escalation_api:issue-detail", args=[issue.reference])
        return response

    def _document(self, issue: Issue) -> dict[str, object]:
        known = documents.document_after(issue, self.actor)
        return known or {"reference": issue.reference, "version": issue.version}

"""The page on which whoever is named in a decision confirms it."""

from __future__ import annotations

from typing import Any

from escalation import authority, services
from escalation.forms import ConfirmForm
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import confirming
from escalation.views.work import WorkPage
from moves.machine import Authority


class ConsultationConfirm(WorkPage):
    form_class = ConfirmForm
    title, button, done = "You are named in a decision", "Record my answer", "Your answer stands beside the decision."
    anchor = "#decisions"

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        self.named = confirming.consultation_to_show(climb, self.kwargs["consultation_id"], facts.by)
        return authority.the_named(self.named.user_id)

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {"named": self.named}

    def act(self, reference: str) -> None:
        services.consultation_confirm(
            reference=reference,
            consultation_id=self.kwargs["consultation_id"],
            by=self.request.actor,
            data=self.request.POST,
        )

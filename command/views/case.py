"""What the pages of one incident share: where one is, what may be done next, and where a blocker is mended."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from command import hooks, selectors, services
from incidents.models import Incident
from kernel.actors import Actor
from moves import mover
from moves.views import Mend

INCIDENTS = "Incidents"
NOT_YOURS = "not_your_move"


def crumbs_to(incident: Incident, *, here: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"text": INCIDENTS, "url": reverse("command:incident-list")},
        {"text": incident.reference, "url": incident.get_absolute_url() if here else ""},
    ]
    return [*crumbs, {"text": here, "url": ""}] if here else crumbs


def moves_shown(incident: Incident, actor: Actor) -> dict[str, Any]:
    """The moves of this status as a page shows them: open to the reader, blocked by facts, or for others."""
    everything = mover.offers(services.INCIDENT_MACHINE, incident, actor)
    offers = [offer for offer in everything if not offer.acting_for]
    others = [offer for offer in offers if any(blocker.code == NOT_YOURS for blocker in offer.blocked_by)]
    blocked = [offer for offer in offers if not offer.allowed and offer not in others]
    mends = mends_of(incident) if blocked else {}
    return {
        "open_moves": [offer for offer in offers if offer.allowed],
        "blocked_moves": [
            (offer, [(blocker, mends.get(blocker.mend)) for blocker in offer.blocked_by]) for offer in blocked
        ],
        "tabs": hooks.tabs_of(incident),
        "moves_in_place": [offer for offer in everything if offer.acting_for],
        "moves_of_others": [(offer, offer.blocked_by[0]) for offer in others],
    }


def mends_of(incident: Incident) -> dict[str, Mend]:
    """Where each kind of blocker is mended: on the incident's page, or at the issue whose work is open."""
    page = incident.get_absolute_url()
    mends = {
        "propose": Mend(
            reverse("command:incident-move", args=[incident.reference, "propose_de_escalation"]), "Propose it"
        ),
        "groups": Mend(f"{page}#groups", "See the groups"),
        "sitreps": Mend(f"{page}#now", "See the report"),
    }
    if tabs := hooks.tabs_of(incident):
        mends["review"] = Mend(tabs[0].url, "Go to the review")
    for name, work in (("actions", selectors.open_actions(incident)), ("feedback", selectors.open_feedback(incident))):
        if first := work.select_related("issue").order_by("issue", "pk").first():
            url = f"{first.issue.get_absolute_url()}#commissions"
            mends[name] = Mend(url, f"See those of {first.issue.reference}")
    return mends

"""The moves of an incident: which has which inputs, who may make it, and what must be on record first.

Plan 3.25 to 3.28 is the source. The legal sources and targets are the transitions of
`incidents.models.Incident`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from command import authority, forms, rules
from incidents.enums import IncidentStatus
from moves.machine import InputGuard, Move

S = IncidentStatus

LEVEL_HIGHER = InputGuard(
    code="level_not_higher",
    field="level",
    message="Choose a level above the present one.",
    cites="IMP-3.25",
    blocks=lambda facts, inputs: not (rules.below_the_highest(facts) or rules.is_higher(facts, inputs["level"])),
    wanted=lambda facts: False,
)
LEVEL_LOWER = InputGuard(
    code="level_not_lower",
    field="level",
    message="Choose a level below the present one.",
    cites="IMP-3.25",
    blocks=lambda facts, inputs: not (rules.above_the_lowest(facts) or rules.is_lower(facts, inputs["level"])),
    wanted=lambda facts: False,
)
PLAN_GIVEN = InputGuard(
    code="plan_missing",
    field="plan",
    message="Say what remains to be done, and who owns each of it.",
    cites="IMP-3.26",
    blocks=lambda facts, inputs: not inputs["plan"],
)
SCG_CONSULTED = InputGuard(
    code="scg_not_consulted",
    field="scg_consulted_who",
    message="Say who of the SCG was consulted, when, and what their view is.",
    cites="IMP-3.26",
    blocks=lambda facts, inputs: not facts.scg_consulted and not _consultation_whole(inputs),
    wanted=lambda facts: not facts.scg_consulted,
)
OWNER_NAMED = InputGuard(
    code="owner_missing",
    field="group",
    message="Name the monitoring group, or who owns it in the longer term.",
    cites="IMP-3.26",
    blocks=lambda facts, inputs: not inputs["group"],
)


def _consultation_whole(inputs: Mapping[str, Any]) -> bool:
    said = inputs["scg_consulted_who"].strip() and inputs["scg_view"].strip()
    return bool(said and inputs["scg_consulted_when"])


INCIDENT_MOVES: dict[str, Move] = {
    "raise_level": Move(
        form=forms.ChangeLevel,
        authority=dict.fromkeys((S.ACTIVE, S.DE_ESCALATING), authority.imt_lead),
        meaning="Severity, scale, impact or expectation has grown: OPSS responds at a higher level.",
        cites="IMP-3.25",
        guards=(rules.below_the_highest,),
        input_guards=(LEVEL_HIGHER,),
        outcomes=("The groups' chairs and IMT are told at once.",),
    ),
    "lower_level": Move(
        form=forms.ChangeLevel,
        authority=dict.fromkeys((S.ACTIVE, S.DE_ESCALATING), authority.imt_lead),
        meaning="A lower level of response is enough.",
        cites="IMP-3.25",
        guards=(rules.above_the_lowest,),
        input_guards=(LEVEL_LOWER,),
        warnings=rules.still_dangerous,
        outcomes=("The groups' chairs and IMT are told.",),
    ),
    "propose_de_escalation": Move(
        form=forms.ProposeDeEscalation,
        authority={S.ACTIVE: authority.either_party},
        meaning="The response can be wound down, by a plan of what goes on and who owns it.",
        cites="IMP-3.26",
        input_guards=(PLAN_GIVEN,),
        warnings=rules.still_dangerous,
        outcomes=(
            "IMT and the chair of the TCG are asked to agree, each once.",
            "An earlier proposal, and who had agreed to it, no longer stands.",
        ),
    ),
    "agree_de_escalation": Move(
        form=forms.AgreeDeEscalation,
        authority={S.ACTIVE: authority.agreeing_party},
        meaning="IMT and the chair of the TCG decide together, by two people, when the SCG was consulted.",
        cites="IMP-3.26",
        guards=(rules.plan_proposed, rules.not_agreed_before),
        input_guards=(SCG_CONSULTED,),
        warnings=rules.still_dangerous,
        outcomes=(
            "The first of the two agreements is recorded, and the other party is asked.",
            "The second begins the de-escalation.",
        ),
    ),
    "monitor": Move(
        form=forms.MonitorIncident,
        authority={S.DE_ESCALATING: authority.imt},
        meaning="The response is over; a monitoring group or a longer-term owner watches what remains.",
        cites="IMP-3.26",
        input_guards=(OWNER_NAMED,),
        warnings=rules.still_dangerous,
        outcomes=("The groups' chairs and IMT are told who watches it, and when it is looked at again.",),
    ),
    "resume": Move(
        form=forms.ResumeIncident,
        authority=dict.fromkeys((S.DE_ESCALATING, S.MONITORING), authority.either_party),
        meaning="The full response is needed again.",
        cites="IMP-3.27",
        outcomes=(
            "The groups' chairs and IMT are told at once.",
            "De-escalation starts again with a new proposal. Groups that were stood down are stood up as needed.",
        ),
    ),
    "close": Move(
        form=forms.CloseIncident,
        authority=dict.fromkeys((S.DE_ESCALATING, S.MONITORING), authority.either_party),
        meaning="The incident ends: nothing is left open and what goes on has an owner.",
        cites="IMP-3.28",
        guards=(rules.actions_done, rules.groups_stood_down, rules.last_sitrep_issued, rules.feedback_given),
        warnings=rules.still_dangerous,
        outcomes=(
            "Its rhythm ends. The groups' chairs and IMT are told, and that an incident led by OPSS is to be reviewed.",
            "It stays on record; if it comes back, it does so through the ladder.",
        ),
    ),
    "complete_review": Move(
        form=forms.CompleteReview,
        authority={S.CLOSED: authority.imt_head},
        meaning="The review says what worked and what did not, and each recommendation has an owner.",
        cites="IMP-3.28",
        guards=(rules.review_is_due, rules.review_whole),
        outcomes=(
            "The review is fixed. Those who own recommendations go on, and say when they are done.",
            "The groups' chairs and IMT are told.",
        ),
    ),
}

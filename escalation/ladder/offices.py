"""What changes beside the stage, with who may: whose the case is, and who chairs or leads (ladder.md, 'not moves').

The records have the shape of moves, so that pages and documents are made from them alike, but they leave the case
where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from escalation import authority, forms
from escalation.enums import IN_A_RESPONSE, OPEN_STAGES, Stage
from escalation.ladder import needs
from moves.machine import InputGuard, Move

OTHER_TEAM = InputGuard(
    code="nothing_changes",
    field="team",
    message="This team handles the case already: choose another.",
    blocks=lambda facts, inputs: inputs.get("team") == facts.team,
    wanted=lambda facts: False,
)
OTHER_CHAIR = InputGuard(
    code="nothing_changes",
    field="chair",
    message="This person chairs the conference already: name another.",
    blocks=lambda facts, inputs: inputs["chair"].user_id == facts.conference_chair,
    wanted=lambda facts: False,
)
OTHER_LEAD = InputGuard(
    code="nothing_changes",
    field="scs_lead",
    message="This person leads CAM-EP already: name another.",
    blocks=lambda facts, inputs: bool(inputs["scs_lead"]) and inputs["scs_lead"].user_id == facts.scs_lead,
    wanted=lambda facts: False,
)
OTHER_ANSWER = InputGuard(
    code="nothing_changes",
    field="is_product_safety",
    message="This is on record already.",
    blocks=lambda facts, inputs: inputs.get("is_product_safety") == facts.is_product_safety,
    wanted=lambda facts: False,
)
_ALL_CLEAR = "Where it is taken back, everybody who was told urgently of this case is told so."
OTHER_DANGER = InputGuard(
    code="nothing_changes",
    field="danger_now",
    message="This is on record already.",
    blocks=lambda facts, inputs: inputs.get("danger_now") == facts.danger_now,
    wanted=lambda facts: False,
)


@dataclass(frozen=True)
class Office:
    """One such change: what its button says, and the rest as of a move."""

    label: str
    change: Move


OFFICES: dict[str, Office] = {
    "reassign_team": Office(
        "Reassign to another team",
        Move(
            form=forms.ReassignTeam,
            meaning="Another team handles the case from here. It stays at its stage.",
            cites="IMP-2.3",
            authority=dict.fromkeys(OPEN_STAGES, authority.handling_ftl | authority.imt),
            input_guards=(OTHER_TEAM,),
            outcomes=("The leaders of both teams are told at once.",),
        ),
    ),
    "change_chair": Office(
        "Change the chair of the conference",
        needs.deputies_consult(
            Move(
                form=forms.ChangeChair,
                meaning="Somebody else chairs the case conference from here, and decides there.",
                cites="IMP-2.16",
                authority={
                    Stage.CASE_CONFERENCE: authority.conference_chair | authority.dd_or_higher | authority.imt_head
                },
                input_guards=(OTHER_CHAIR,),
                outcomes=("Both chairs and IMT are told at once.",),
            )
        ),
    ),
    "change_scs_lead": Office(
        "Change the lead of CAM-EP",
        needs.deputies_consult(
            Move(
                form=forms.ChangeScsLead,
                meaning="Another senior civil servant leads CAM-EP from here, and decides there.",
                cites="IMP-2.13",
                authority={Stage.CAM_EP: authority.ttg_chair},
                input_guards=(needs.SCS_LEAD_NAMED, needs.SCS_LEAD_IS_SCS, OTHER_LEAD),
                outcomes=("Both leads and IMT are told at once.",),
            )
        ),
    ),
    "set_product_safety": Office(
        "Say whether it is about product safety",
        Move(
            form=forms.SetProductSafety,
            meaning="The NNC criteria are asked for only where the safety of a product is at stake.",
            cites="IMP-2.11",
            authority=dict.fromkeys(OPEN_STAGES, authority.handling_ftl | authority.imt),
            input_guards=(OTHER_ANSWER,),
            outcomes=("IMT is told at once.",),
        ),
    ),
    "set_danger": Office(
        "Say whether somebody could be hurt now",
        Move(
            form=forms.SetDanger,
            meaning="Danger now puts a case that no response carries on top of every queue, and runs its clocks as if "
            "it were critical. Within a response it stands on record, and people are told.",
            cites="IMP-2.3",
            authority={stage: authority.assessors_at(stage) for stage in (*OPEN_STAGES, *IN_A_RESPONSE)},
            input_guards=(OTHER_DANGER,),
            outcomes=(
                "Where it is raised, IMT and the team’s leader are told urgently; in a live incident its chairs too.",
                _ALL_CLEAR,
            ),
        ),
    ),
}


def address_of(name: str) -> str:
    """The name of such a change as it stands in addresses."""
    return name.replace("_", "-")

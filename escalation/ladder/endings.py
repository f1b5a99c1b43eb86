"""Moves that end a climb, undo that, or begin the next one."""

from __future__ import annotations

from escalation import authority, forms, rules, selectors
from escalation.enums import FUNCTIONAL_STAGES, OPEN_STAGES, Stage
from escalation.ladder import needs
from moves.machine import Authority, Move

S = Stage


def _closers() -> dict[str, Authority]:
    """IMT may close at any stage; so may whoever decides there, and the FTL what the team looks after (IMP-2.3)."""
    beside = {S.COORDINATED: authority.imt, S.LED_ELSEWHERE: authority.imt, S.MONITORING: authority.handling_ftl}
    return {stage: authority.imt | (authority.DECIDERS.get(stage) or beside[stage]) for stage in OPEN_STAGES}


def _mergers() -> dict[str, Authority]:
    """IMT anywhere; the handling team's leader below CAM; above, whoever decides at that stage."""
    above: dict[str, Authority] = {
        stage: authority.imt | authority.DECIDERS.get(stage, authority.imt)
        for stage in OPEN_STAGES
        if stage not in FUNCTIONAL_STAGES
    }
    return {**dict.fromkeys(FUNCTIONAL_STAGES, authority.imt | authority.handling_ftl), **above}


MOVES: dict[str, Move] = {
    "join_incident": Move(
        form=forms.JoinIncident,
        meaning="The issue belongs to an incident that OPSS is already responding to.",
        cites="IMP-2.20",
        authority=dict.fromkeys(OPEN_STAGES, authority.imt | authority.live_tcg_chairs),
        lookups={"incident": selectors.live_incident},
        input_guards=(needs.INCIDENT_LIVE, needs.OWN_INCIDENT),
        warnings=rules.narrows_readers,
        outcomes=("The incident's chairs are told; its reports draw on this issue from now on.",),
    ),
    "open_supporting_response": Move(
        form=forms.OpenSupportingResponse,
        meaning="Another department leads; OPSS supports it with the same tools.",
        cites="IMP-4.5",
        authority=dict.fromkeys(OPEN_STAGES, authority.dd_or_higher | authority.imt_head),
        input_guards=(needs.REQUEST_RECORDED, needs.SCS_CONSULTED),
        outcomes=("A supporting incident is opened with its groups and a first rhythm.",),
    ),
    "close": Move(
        form=forms.Close,
        meaning="The case ends here, with a true account of how.",
        cites="IMP-2.19",
        authority=_closers(),
        guards=(rules.assessed_before_closing, rules.commissions_done),
        input_guards=(needs.OUT_OF_SCOPE_ONLY, needs.JUSTIFICATION, needs.SECOND_PERSON, needs.FEEDBACK),
        outcomes=("The case leaves every queue. It stays on record and can be reopened.",),
    ),
    "merge": Move(
        form=forms.Merge,
        meaning="This is the same matter as another issue, which carries it from here.",
        authority=_mergers(),
        lookups={"into": selectors.merge_target},
        also_chains=lambda facts, inputs: [inputs["into"].reference],
        input_guards=(needs.MERGE_TARGET,),
        outcomes=(
            "The case leaves every queue; its page points to the other issue.",
            "Telling the originator becomes a task of the handling team.",
        ),
    ),
    "unmerge": Move(
        form=forms.Unmerge,
        meaning="The issues were not the same matter: this one goes on where it stood.",
        authority={S.MERGED: authority.imt | authority.merger},
        also_chains=lambda facts, inputs: [facts.merged_into],
        outcomes=("The case stands again where it stood before the merge.",),
    ),
    "reopen": Move(
        form=forms.Reopen,
        meaning="The case comes back: a new climb begins at CAM, and the old one stays as it ended.",
        cites="IMP-3.27",
        authority=dict.fromkeys((S.CLOSED, S.INCIDENT_DECLARED, S.SUPPORTING_RESPONSE), authority.imt),
        guards=(rules.incident_winding_down,),
        input_guards=(needs.GROUND_GIVEN,),
        outcomes=("A new climb begins at CAM.", "The handling team's leader is told at once."),
    ),
}

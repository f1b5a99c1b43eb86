"""The moves of a situation report: which has which inputs, who may make it, and what must be on record first.

The legal sources and targets are the transitions of `models.Sitrep`; a meta test holds the two together.
"""

from __future__ import annotations

from command import authority, forms, rules
from command.enums import SecondCheck, SitrepStatus
from moves.machine import InputGuard, Move

S = SitrepStatus

# A stand-in who wrote in the report cannot call the check done: theirs is not a second pair of eyes.
CHECK_IS_DUE = InputGuard(
    code="author_may_not_approve",
    field="second_check",
    message="You wrote in this report, so the second check by somebody else is still due.",
    blocks=lambda facts, inputs: (
        facts.asked_by_author and rules.is_stand_in(facts) and inputs.get("second_check") != SecondCheck.DUE
    ),
    wanted=lambda facts: facts.asked_by_author and rules.is_stand_in(facts),
)

SITREP_MOVES: dict[str, Move] = {
    "submit": Move(
        form=forms.SubmitSitrep,
        authority={S.DRAFT: authority.writer},
        meaning="The text is finished and goes to somebody who did not write it.",
        cites="IMP-3.23",
        guards=(rules.nothing_left_to_complete,),
        outcomes=(
            "The Head of IMT, the duty deputy and the chairs are told.",
            "Nobody can edit it while it is in review.",
        ),
    ),
    "return": Move(
        form=forms.ReturnSitrep,
        authority={S.IN_REVIEW: authority.approver},
        meaning="The report is not right yet and goes back to its authors.",
        cites="IMP-3.23",
        outcomes=("Its authors are told why.", "It can be edited again."),
        step="return_to_authors",
    ),
    "approve": Move(
        form=forms.ApproveSitrep,
        authority={S.IN_REVIEW: authority.approver},
        meaning="The report is right and may go out.",
        cites="IMP-3.23",
        guards=(rules.author_may_not_approve,),
        input_guards=(CHECK_IS_DUE,),
        warnings=rules.not_second_checked,
        outcomes=("It can be issued.",),
    ),
    "issue": Move(
        form=forms.IssueSitrep,
        authority={S.APPROVED: authority.approver},
        meaning="The report goes out as it stands. From then on nobody can change it.",
        cites="IMP-3.23",
        guards=(rules.author_may_not_issue,),
        warnings=rules.not_second_checked,
        outcomes=(
            "Its text is fixed, with a digest that shows any change.",
            "IMT, its authors, the groups' chairs and members and those named are told.",
            "The report that it corrects, if any, is superseded.",
        ),
    ),
    "correct": Move(
        form=forms.CorrectSitrep,
        authority={S.ISSUED: authority.imt},
        meaning="Something in this report is wrong. A corrected one is written; this one stands until that is issued.",
        cites="IMP-3.23",
        guards=(rules.no_open_draft,),
        outcomes=("A new draft opens with this text, and supersedes this report when it is issued.",),
    ),
    "withdraw": Move(
        form=forms.WithdrawSitrep,
        authority={S.DRAFT: authority.imt, S.IN_REVIEW: authority.imt, S.APPROVED: authority.imt},
        meaning="The report will not be issued. Its number is not given again.",
        outcomes=("Its authors are told why.", "A new draft can be opened."),
    ),
}

"""What the codes inside a refusal mean: those in `blocked_by` and `needs`, those of single inputs, and warnings.

Each code has a title, and how to mend it where the general advice of its kind is not enough.
"""

from __future__ import annotations

# A fact or an input that the plan asks for before a move.
BLOCKERS: dict[str, tuple[str, str]] = {
    "actions_open": ("Work that was asked for is still open", "Deliver or waive each commission of the issues."),
    "already_agreed": ("You have agreed already", "The other party agrees too, by another person."),
    "author_may_not_issue": ("You wrote in this report", "Somebody who did not write in it issues it."),
    "author_may_not_approve": ("You wrote in this report", "Somebody who did not write in it approves it."),
    "commissions_open": ("The conference still waits for answers", "Deliver or waive each commission first."),
    "conference_of_one": ("Nobody confers alone", "Name who else took part in ‘took_part’."),
    "draft_open": ("Another report is being written", "Issue or withdraw that one first."),
    "equality_not_considered": ("Who could be affected differently is not said", "Answer in ‘equality’."),
    "feedback_missing": ("What the originator is told is not said", "Write it in ‘feedback’."),
    "feedback_open": ("An originator is still to be told", "Deliver or waive each task of telling them."),
    "ground_missing": ("A ground for reopening is wanted", "Choose one in ‘ground’."),
    "grounds_missing": ("A ground for the conference is wanted", "Choose at least one in ‘grounds’."),
    "groups_standing": ("Groups are still standing", "Stand each down, with who owns what remains."),
    "impact_not_assessed": (
        "The impact was not assessed at this stage",
        "Assess it against the matrix, or confirm the last assessment.",
    ),
    "impact_stale": (
        "Something arrived after the assessment",
        "Assess the impact again, or confirm the last assessment.",
    ),
    "incident_active": ("The incident is active", "Take it up with the incident's groups."),
    "incident_not_live": ("This incident is not live", "Name one that is active, de-escalating or monitored."),
    "justification_missing": ("A justification is wanted at this level", "Write it in ‘justification’."),
    "last_sitrep_missing": ("The last situation report is wanted", "Issue it once de-escalation was agreed."),
    "level_highest": ("There is no higher level", "The response stays at its level."),
    "level_lowest": ("There is no lower level", "De-escalate the incident instead."),
    "level_not_higher": ("This level is not higher", "Choose a level above the present one."),
    "level_not_lower": ("This level is not lower", "Choose a level below the present one."),
    "merge_target_invalid": ("Nothing can be merged into this", "Name another issue, open or of a live incident."),
    "mitigation_not_shown": (
        "It is not shown that OPSS can reduce the risk",
        "Answer yes in ‘mitigation_likely’ and say how in ‘mitigation_reason’, or choose another move.",
    ),
    "nnc_met": ("An NNC criterion is met", "Say in ‘exception_reason’ why another authority should lead."),
    "nnc_not_assessed": ("The NNC criteria were not assessed", "Assess the case against them."),
    "nnc_not_confirmed": ("TTG has not made its own NNC assessment", "TTG confirms or varies the one of CAM."),
    "nnc_not_met": ("No NNC criterion is met", "Say in ‘exception_reason’ why incident triggers are likely."),
    "not_its_tcg_chair": ("You do not chair the TCG of this incident", "Name the incident whose TCG you chair."),
    "not_opss_lead": ("OPSS does not lead by the NNC assessment", "Say in ‘exception_reason’ why it should go up."),
    "nothing_changes": ("This is on record already", "Send something other than what stands."),
    "out_of_scope_only": ("Nobody has begun to assess it", "Close it as out of scope, or begin the assessment."),
    "owner_missing": ("Nobody is named who watches what remains", "Name the group or the owner."),
    "party_has_agreed": ("Your side has agreed already", "Now the other party agrees."),
    "placeholders_left": ("The report is not complete", "Write in each section that ‘message’ names."),
    "plan_missing": ("A de-escalation plan is wanted", "Say what remains to be done and who owns it."),
    "request_not_recorded": ("Who asked OPSS for what is not said", "Fill ‘requested_by’ and ‘asked_of_opss’."),
    "resume_not_possible": ("This incident cannot begin a new phase", "Join an active one; resume one that is not."),
    "review_too_late": ("The review is too far off for this level", "Choose an earlier day in ‘review_on’."),
    "scg_not_consulted": ("The SCG's view is not on record", "Say who was consulted, when, and what they think."),
    "scs_lead_missing": ("CAM-EP has no lead", "Name a senior civil servant in ‘scs_lead’."),
    "scs_lead_not_scs": ("The lead holds no senior post", "Name a senior civil servant in ‘scs_lead’."),
    "scs_not_consulted": (
        "A senior civil servant is consulted first",
        "Name them in ‘consulted_scs’, with how and when; not yourself.",
    ),
    "second_person_missing": ("A second person looks at it at this level", "Name somebody else in ‘second_person’."),
    "significant_risk_not_shown": (
        "The significant risk is not shown",
        "Answer yes in ‘significant_risk’ and say what shows it in ‘significant_risk_reason’, or choose another move.",
    ),
}

# What is wrong with one input.
INPUTS: dict[str, tuple[str, str]] = {
    "ambiguous_time": ("This time came twice", "The clocks went back: send the time with its offset."),
    "bad_character": ("A character that text cannot hold", "Leave out the null character and lone surrogates."),
    "bad_cursor": ("This is no cursor of that list", "Follow ‘next’ and ‘previous’ as they were given."),
    "bad_key": ("This is no Idempotency-Key", "Send 1 to 200 printable ASCII characters, such as a UUID."),
    "bad_recurrence": ("This rule of repetition is not possible", "Send an RFC 5545 rule that happens at least once."),
    "both": ("Two answers that exclude each other", "Send one of the two."),
    "chair_reason_missing": ("This chair is not the one that the plan names", "Say why in ‘chair_reason’."),
    "date_incomplete": ("A part of the date is missing", "Send day, month and year."),
    "demonstration_only": ("This address is for the demonstration", "Use an address of another domain."),
    "ends_before_start": ("The end is not after the start", "Send a later end."),
    "in_the_future": ("This is yet to come", "Send a time that has passed."),
    "in_the_past": ("This has passed", "Send a later day."),
    "invalid_choice": ("This is not among the choices", "The OpenAPI document lists them."),
    "invalid_date": ("This is no date", "Send YYYY-MM-DD."),
    "invalid_list": ("This is no list", "Send a list of the choices."),
    "invalid_time": ("This is no time", "Send ISO 8601 with its offset."),
    "max_length": ("This is too long", "Send a shorter text; the OpenAPI document says how long it may be."),
    "max_value": ("This is too much", "Send a smaller number."),
    "min_length": ("This is too short", "Send a longer text."),
    "min_value": ("This is too little", "Send a larger number."),
    "no_such_time": ("There was no such time", "The clocks went forward: send a time before or after that hour."),
    "not_scs": ("Not a senior civil servant", "Name somebody who holds such a post now."),
    "nothing_to_confirm": ("There is no assessment to confirm", "Make one."),
    "null_characters_not_allowed": ("Text cannot hold a null character", "Leave it out."),
    "one_version": ("One version in If-Match", "Send the ETag that you got, and only that."),
    "out_of_range": ("This is outside the range", "The message says which numbers are possible."),
    "required": ("Something is missing", "Send this input."),
    "sent_twice": ("The same was sent twice", "Send each once."),
    "too_far": ("This is too far away", "Choose a day within ten years."),
    "too_many": ("Too many", "The message says how many are possible."),
    "unknown_field": ("There is no such field", "Check the spelling against the OpenAPI document."),
    "unknown_filter": ("There is no such filter", "The message lists those that there are."),
    "unknown_reference": ("Nothing goes by that name", "Check the reference, e-mail address or post."),
    "wrong_type": ("Not of the kind that is asked for", "The message says what to send."),
    "wrong_zone": ("Another offset holds at that time", "Send the time as the clocks show it, or with its offset."),
}

# What comes with a move that is possible, and is recorded with it.
WARNINGS: dict[str, tuple[str, str]] = {
    "chairs_both_groups": ("One person chairs both groups", "Consider the deputy for one of them."),
    "chairs_two_incidents": ("One person chairs at two incidents", "Consider the deputy for one of them."),
    "narrows_readers": ("Joining shuts readers out of the incident", "Consider who in the response must read it."),
    "not_second_checked": ("Nobody else has checked the report", "Have it checked as soon as somebody can be reached."),
}

"""What each problem code means and how to mend it: where the `type` of a problem document points (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass

from desk import problem_codes


@dataclass(frozen=True)
class Explanation:
    code: str
    status: int
    title: str
    meaning: str
    mend: str


_ALL = (
    Explanation(
        "invalid", 400, "Check what was sent",
        "One or more inputs are missing, unknown or not of the kind that is asked for.",
        "Each entry of ‘errors’ names a field by its path and says what is wrong there. Mend that and send it again.",
    ),
    Explanation(
        "not_readable", 400, "This could not be read",
        "The body is not well-formed JSON, or not in the encoding that it claims.",
        "Send one JSON object in UTF-8 with Content-Type: application/json.",
    ),
    Explanation(
        "malformed_json", 400, "This is not JSON",
        "The body is not well-formed JSON, or holds a number that JSON does not know. The detail says where.",
        "Mend the body at that place. NaN, Infinity and numbers beyond all measure are not taken.",
    ),
    Explanation(
        "not_utf8", 400, "This is not UTF-8",
        "The bytes of the body are not text in UTF-8.",
        "Encode the body as UTF-8.",
    ),
    Explanation(
        "not_an_object", 400, "Send one object",
        "The body is JSON, but a list, a text or a number.",
        "Send one JSON object with named members.",
    ),
    Explanation(
        "duplicate_name", 400, "A name appears twice",
        "An object of the body holds the same name twice, and readers could differ on which counts.",
        "Send each name once.",
    ),
    Explanation(
        "too_deep", 400, "Too deeply nested",
        "The body nests objects or lists deeper than is read.",
        "Send a flatter body; no input here needs that depth.",
    ),
    Explanation(
        "refused", 400, "This cannot be done",
        "The request was refused by the frame of the interface. The detail says why.",
        "Mend what the detail names.",
    ),
    Explanation(
        "not_signed_in", 401, "Sign in first",
        "No session and no token came with the request, or the token is unknown, revoked or of a closed account.",
        "Send ‘Authorization: Token KEY’. Keys are made on your profile page or with the api_token command.",
    ),
    Explanation(
        "token_expired", 401, "Sign in first",
        "The token was right, but its time is over. The detail says since when.",
        "Make a new one on your profile page or with the api_token command, and withdraw the old one there.",
    ),
    Explanation(
        "not_allowed", 403, "You cannot do this",
        "You are known, but the post that you act as may not do this.",
        "‘posts’ names who may, where that can be said. If you hold several posts, choose one with X-Acting-As.",
    ),
    Explanation(
        "no_post", 403, "A post is wanted here",
        "You are known, but hold no post and deputise for none, so there is little that you may read.",
        "Ask the operator of the service for a post. Reporting an issue is possible without one.",
    ),
    Explanation(
        "not_your_post", 403, "Not a post of yours",
        "X-Acting-As names a post that you neither hold nor deputise for today.",
        "Leave the header out, or name one of your own posts.",
    ),
    Explanation(
        "not_your_move", 403, "Not a move of yours",
        "The move exists and is possible from here, but it is for other posts to make.",
        "‘posts’ names them. Ask one of their holders, or act as that post if you deputise for it.",
    ),
    Explanation(
        "not_found", 404, "Not found",
        "There is nothing at this address, or something that you may not know of. The answer does not tell which.",
        "Check the reference. If a colleague can see it, ask the Incident Management Team for access.",
    ),
    Explanation(
        "method_not_allowed", 405, "Not possible at this address",
        "The address exists but does not take this HTTP method.",
        "The OpenAPI document lists what each address takes.",
    ),
    Explanation(
        "not_acceptable", 406, "Not in this format",
        "None of the formats in the Accept header is offered here.",
        "Ask for application/json, or leave the header out.",
    ),
    Explanation(
        "conflict", 409, "This does not fit what is on record",
        "What you ask for contradicts something that is on record already.",
        "Read the record again. The detail says what stands against it.",
    ),
    Explanation(
        "account_closed", 409, "The account is closed",
        "A closed account is given neither a post nor a deputy's powers.",
        "Name somebody else.",
    ),
    Explanation(
        "already_ended", 409, "This ends in any case",
        "The holding or the deputy's time ends on the same day or earlier already.",
        "Nothing is left to do. What has ended stays as it was.",
    ),
    Explanation(
        "already_there", 409, "This is there already",
        "The account exists, or the person has the post in that time.",
        "Use what is there, or choose another time.",
    ),
    Explanation(
        "own_account", 409, "This is your own account",
        "Nobody closes the account that they are using.",
        "Ask another operator of the service.",
    ),
    Explanation(
        "still_working", 409, "The first request is still being worked on",
        "A request with the same Idempotency-Key came before and has no answer yet.",
        "Send it again a little later: you then get the answer of the first.",
    ),
    Explanation(
        "check_not_due", 409, "No second check is due",
        "The report was checked before it went out or since, or was not issued.",
        "Read the report again; who checked it is on record.",
    ),
    Explanation(
        "group_stood_down", 409, "The group was stood down already",
        "Somebody else has stood this group down.",
        "Read the incident again; who owns what remains is on record.",
    ),
    Explanation(
        "not_from_here", 409, "Not from here",
        "The move exists, but not from the state in which the case, incident or report stands.",
        "GET the transitions of the case to see which moves are possible now.",
    ),
    Explanation(
        "changed_since_seen", 409, "This has changed since you saw it",
        "Somebody was faster: the version that you sent is not the present one.",
        "‘changes’ lists what has happened since. Decide again, and send the new version.",
    ),
    Explanation(
        "blocked", 409, "This is blocked",
        "Facts or inputs that the plan asks for are missing. The answer names all of them at once.",
        "Each entry of ‘blocked_by’ has a code, a sentence and the plan’s paragraph. Where ‘override’ names an input, "
        "a reason given there lifts that blocker.",
    ),
    Explanation(
        "commission_settled", 409, "Settled already",
        "The commission has been delivered or waived by somebody else.",
        "Read it again; its answer is on record.",
    ),
    Explanation(
        "confirmed_already", 409, "Answered already",
        "Whoever is named in a decision says once whether it was so.",
        "Read the answer beside the decision. Write what else there is to say as evidence.",
    ),
    Explanation(
        "mark_taken_up", 409, "Taken up already",
        "Somebody else has said what came of this, or has moved the case on.",
        "Read the case again; the outcome is on record.",
    ),
    Explanation(
        "request_answered", 409, "Answered already",
        "Somebody else has answered this challenge or request.",
        "Read it again; the answer is on record.",
    ),
    Explanation(
        "review_complete", 409, "The review is complete",
        "The review of the incident was completed, and nothing is written in it any more.",
        "A recommendation can still be settled by the team that owns it.",
    ),
    Explanation(
        "lesson_settled", 409, "Settled already",
        "Somebody has said that the recommendation is done, or that it is not taken up.",
        "Read it again; the answer is on record.",
    ),
    Explanation(
        "scg_stands", 409, "There is one Strategic Coordination Group at a time",
        "The incident has a Strategic Coordination Group already.",
        "Change its chair or members, or stand it down first.",
    ),
    Explanation(
        "length_required", 411, "Say how much is being sent",
        "The request has a body but no Content-Length.",
        "Send the length; a body in chunks of unknown length is not taken.",
    ),
    Explanation(
        "stale_version", 412, "This has changed since you saw it",
        "The If-Match header, or the version in the body, is not the present version.",
        "GET it again, put your change to the present text, and send the new version.",
    ),
    Explanation(
        "body_too_large", 413, "Too much was sent at once",
        "The body is longer than this address takes; ‘limit’ says how much that is.",
        "Send less at a time.",
    ),
    Explanation(
        "unsupported_media_type", 415, "Not in this format",
        "The Content-Type is not one that this address reads.",
        "Send application/json.",
    ),
    Explanation(
        "idempotency_key_reused", 422, "This Idempotency-Key was used for something else",
        "The same key came before with another body or for another address.",
        "Use a new key for each thing that you do, and the same key only to repeat it.",
    ),
    Explanation(
        "too_many_requests", 429, "Too many requests",
        "More came in a short time than is taken from one place.",
        "Wait as long as Retry-After says.",
    ),
    Explanation(
        "too_many_reports", 429, "Too many requests",
        "You hold no post, and have reported as many issues within an hour as are taken from one person.",
        "Wait as long as Retry-After says, then send the report again: it was not kept. If someone could be hurt now, "
        "telephone the Incident Management Team.",
    ),
    Explanation(
        "fault", 500, "Something went wrong",
        "The fault is ours. It was recorded under the reference in the answer, and nothing was changed.",
        "Try again. If it happens again, quote the reference to whoever runs the service.",
    ),
    Explanation(
        "unavailable", 503, "The service is busy",
        "The database did not answer in time. A change is made whole or not at all, but whether yours was is unknown.",
        "Wait as Retry-After says, then look whether your change is there; with an Idempotency-Key, send it again.",
    ),
)  # fmt: skip

# What a whole answer can be called.
PROBLEMS: dict[str, Explanation] = {problem.code: problem for problem in _ALL}


def _explain(codes: dict[str, tuple[str, str]], status: int, meaning: str, mend: str) -> dict[str, Explanation]:
    return {
        code: Explanation(code, status, title, meaning, f"{how} {mend}".strip()) for code, (title, how) in codes.items()
    }


# What stands inside an answer. The code of a whole answer comes first where both have one.
_PARTS: dict[str, Explanation] = {
    **_explain(
        problem_codes.WARNINGS, 200,
        "This comes as a warning with a move that is possible. It stops nothing, and is recorded with the move.", "",
    ),
    **_explain(
        problem_codes.INPUTS, 400,
        "One input cannot be taken as it was sent. The entry of ‘errors’ names it by its path and says what is wrong.",
        "Then send everything again: nothing was changed.",
    ),
    **_explain(
        problem_codes.BLOCKERS, 409,
        "Something that the plan or the record asks for stands in the way of this move or step. The entry of "
        "‘blocked_by’ says it in a sentence, with the plan’s paragraph where there is one.",
        "Where ‘override’ names an input, a reason given there lifts it.",
    ),
}  # fmt: skip


def explained(code: str) -> Explanation | None:
    """The explanation of a code, wherever in an answer it stands, or None for a code that nothing raises."""
    return PROBLEMS.get(code) or _PARTS.get(code)

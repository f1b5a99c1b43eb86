"""The machines as Markdown, and who may make which move of the ladder as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from accounts.enums import POST_TITLES
from desk.states import samples
from desk.states.drawing import picture
from desk.states.samples import SUBJECTS
from desk.states.telling import BlockerTold, MoveTold, Subject, edge_rows, moves_told, others_told
from escalation import authority
from escalation.enums import ENDS, Stage
from escalation.ladder import MOVES
from escalation.ladder.offices import OFFICES
from escalation.rules import IssueFacts
from moves.machine import Authority, Holders
from moves.standing import stood_in_for

MADE = "<!-- Made by `make states` from the code. Do not edit: change the code, then run it again. -->"

# Whom the columns of the matrix stand for: posts by code, people by what they are on the case.
COLUMNS: dict[str, str] = {
    "ceo": POST_TITLES["ceo"],
    "dceo.regulation": POST_TITLES["dceo.regulation"],
    "dceo.evidence": POST_TITLES["dceo.evidence"],
    "dd.enforcement": "Deputy Director of the handling team's function",
    "dd.targeting": POST_TITLES["dd.targeting"],
    "dd.science": "Other Deputy Directors",
    "imt.head": POST_TITLES["imt.head"],
    "imt.duty": POST_TITLES["imt.duty"],
    "imt.officer": POST_TITLES["imt.officer"],
    "ftl.enforcement": "Leader of the handling team",
    "officer.enforcement": "Officers of the handling team",
}
YES, WITH_REASON, WHEN_UNCOVERED = "yes", "with a reason", "with a reason, when uncovered"
PEOPLE: dict[int, str] = {
    samples.CHAIR: "Chair of the conference",
    samples.LEAD: "SCS lead of CAM-EP",
    samples.TCG_CHAIR: "TCG chair of a live incident",
    samples.MERGER: "Whoever merged it",
}


def documents() -> dict[str, str]:
    """The text of every file of docs/states/, by its name."""
    made: dict[str, str] = {}
    for name, subject in SUBJECTS.items():
        made[f"{name}.svg"] = str(picture(name, subject))
        made[f"{name}.md"] = machine_document(name, subject)
    made["matrix.md"] = matrix_document()
    return made


def machine_document(name: str, subject: Subject) -> str:
    """One machine: its picture, the same as a table, then each move with all that stands in its record."""
    told = moves_told(subject)
    label = {str(value): str(text) for value, text in subject.states.choices}
    lines = [
        MADE,
        f"# {subject.title}: states and moves",
        "",
        f"![{subject.title}: which move leads from which state to which. The table below says the same]({name}.svg)",
        "",
        f"States: {', '.join(f'{text} (`{value}`)' for value, text in label.items())}.",
        "",
        *_table(("move", "from", "to"), edge_rows(subject)),
    ]
    if others := [edge.label for edge in others_told(subject)]:
        lines += ["", f"Not a move of its own, but made by another door: {', '.join(others)}."]
    for move in told:
        lines += ["", *_section(move, label)]
    return "\n".join(lines) + "\n"


def _section(move: MoveTold, label: Mapping[str, str]) -> list[str]:
    cites = f" ({move.move.cites})" if move.move.cites else ""
    lines = [f"## {move.label} (`{move.name}`)", "", f"{move.move.meaning}{cites}", ""]
    lines += _table(
        ("from", "who may"), ((", ".join(label[source] for source in at), who) for who, at in move.who.items())
    )
    lines += ["", f"Leads to: {move.to}."]
    if move.blockers:
        lines += ["", "What blocks it:", ""]
        lines += [f"- {_blocker(told, label)}" for told in move.blockers]
    asked = [
        f"`{name}`{'' if field.required else ' (may be left out)'}"
        for name, field in move.move.form.base_fields.items()
    ]
    lines += ["", f"It asks for: {', '.join(asked) or 'nothing'}."]
    if move.move.outcomes:
        lines += ["", "What will happen:", "", *(f"- {outcome}" for outcome in move.move.outcomes)]
    return lines


def _blocker(told: BlockerTold, label: Mapping[str, str]) -> str:
    blocker = told.blocker
    cites = f" ({blocker.cites})" if blocker.cites else ""
    where = f" Only at: {', '.join(label[state] for state in told.at)}." if told.at else ""
    lifted = f" A reason in `{blocker.override}` lifts it." if blocker.override else ""
    asked = f" About the input `{blocker.field}`." if blocker.field else ""
    return f"`{blocker.code}`{cites}: {blocker.message}{asked}{where}{lifted}"


def matrix_document() -> str:
    """Stage by move by post, with the doors that leave the stage as it is."""
    lines = [
        MADE,
        "# Who may do what at which stage of the ladder",
        "",
        "A case of the Enforcement team stands for every case. Who may make a move may still be blocked: see"
        " [the moves](issue.md). People on the case may assess from CAM up and put facts right besides.",
        "",
        f"'{YES}': by right. '{WITH_REASON}': as a senior of the same line, in the place of the post that may."
        f" '{WHEN_UNCOVERED}': only while nobody holds any post that may, or deputises for it. Empty: not at all.",
    ]
    for stage in Stage:
        facts = replace(samples.ISSUE, stage=stage.value)
        rows = [
            *((title, _those_who_may(who, facts, in_place=True)) for title, who in _moves(stage)),
            *((title, _those_who_may(who, facts, in_place=in_place)) for title, who, in_place in _doors(stage)),
        ]
        lines += ["", f"## {stage.label} (`{stage.value}`)", ""]
        lines += _table(("door", *COLUMNS.values(), "and"), ((title, *may) for title, may in rows))
    return "\n".join(lines) + "\n"


def _moves(stage: Stage) -> Iterable[tuple[str, Authority]]:
    """The moves and the changes beside the stage, which a senior may make in the place of a post."""
    told = {move.name: move.label for move in moves_told(SUBJECTS["issue"])}
    yield from ((told[name], move.authority[stage]) for name, move in MOVES.items() if stage in move.authority)
    yield from (
        (office.label, office.change.authority[stage])
        for office in OFFICES.values()
        if stage in office.change.authority
    )


def _doors(stage: Stage) -> Iterable[tuple[str, Authority, bool]]:
    """The other doors, and whether a senior may act there in the place of a post."""
    facts = replace(samples.ISSUE, stage=stage.value)
    if stage not in ENDS:
        yield "Declare now", authority.declarers_at(stage), False
        yield "Assess the impact", authority.impact_assessors(facts), False
        if assessors := authority.nnc_assessors(facts):
            yield "Assess the NNC criteria", assessors, stage in authority.NNC_STANDS
    yield "Ask a team for something", authority.commissioners(stage), False
    yield "Add evidence, put facts right", authority.editors, False


def _those_who_may(who: Authority, facts: IssueFacts, *, in_place: bool) -> tuple[str, ...]:
    holders = who.holders(facts)
    people = [PEOPLE[person] for person in sorted(holders.people)]
    return (*(_answer(holders, post, in_place=in_place) for post in COLUMNS), ", ".join(people))


def _answer(holders: Holders, post: str, *, in_place: bool) -> str:
    if post in holders.posts:
        return YES
    somebody = replace(samples.SOMEBODY, post=post)
    if not in_place or not stood_in_for(holders, somebody, lambda: frozenset()):
        return ""
    return WITH_REASON if stood_in_for(holders, somebody, lambda: frozenset(POST_TITLES)) else WHEN_UNCOVERED


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    drawn = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in (head, *rows)]
    return [drawn[0], f"|{'---|' * len(head)}", *drawn[1:]]

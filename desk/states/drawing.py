"""A machine as a picture: states as columns, moves as lines from where they begin to where they lead.

Every state keeps its column and every move its line, so that seventy edges stay as readable as seven. Colours, sizes
and texts are attributes: the picture needs no style sheet and no script.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from desk.states.telling import Edge, Subject, moves_told, others_told

LABELS, COLUMN, ROW, HEADER, MARGIN = 236, 82, 28, 84, 8
LETTERS = 12
INK, LINE, PALE, SHADE, END = "#0b0c0c", "#1d70b8", "#b1b4b6", "#f3f2f1", "#dbdbdb"


def picture(name: str, subject: Subject) -> SafeString:
    """The whole SVG element, with a title and a description for those who do not see it."""
    told: list[Edge] = [*moves_told(subject), *others_told(subject)]
    states = subject.states.choices
    x = {str(value): LABELS + COLUMN * number + COLUMN // 2 for number, (value, _) in enumerate(states)}
    width, height = LABELS + COLUMN * len(states) + MARGIN, HEADER + ROW * len(told) + MARGIN
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-desc" width="{width}"'
        ' height="{height}" viewBox="0 0 {width} {height}" font-family="arial, sans-serif" font-size="12">\n'
        '<title id="{name}-title">{title}: which move leads from which state to which</title>\n'
        '<desc id="{name}-desc">{states} states stand in columns, {moves} moves in rows. Each row has a ring at every'
        " state from which the move can be made and an arrow to the state that it leads to. A filled ring stays"
        " where it is; a dashed arrow leads back to the state before. The table that follows says the same in"
        " words.</desc>\n"
        '<rect width="{width}" height="{height}" fill="#ffffff"/>\n{shades}\n{columns}\n{rows}\n</svg>\n',
        name=name,
        title=subject.title,
        width=width,
        height=height,
        states=len(states),
        moves=len(told),
        shades=_lines(_shade(number, width) for number in range(0, len(told), 2)),
        columns=_lines(
            _column(x[str(value)], str(label), height, is_end=value in subject.ends) for value, label in states
        ),
        rows=_lines(_row(move, x, HEADER + ROW * number + ROW // 2) for number, move in enumerate(told)),
    )


def _lines(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _shade(number: int, width: int) -> SafeString:
    return format_html('<rect y="{}" width="{}" height="{}" fill="{}"/>', HEADER + ROW * number, width, ROW, SHADE)


def _column(x: int, label: str, height: int, *, is_end: bool) -> SafeString:
    """The box of a state and the line below it; a state that ends something is grey and has a double edge."""
    words = wrap(label, LETTERS)
    top = (HEADER - 8) // 2 - 7 * (len(words) - 1) + 4
    text = format_html_join("", '<tspan x="{}" y="{}">{}</tspan>', ((x, top + 14 * n, w) for n, w in enumerate(words)))
    return format_html(
        '<line x1="{x}" x2="{x}" y1="{below}" y2="{height}" stroke="{pale}"/>'
        '<rect x="{left}" y="2" width="{width}" height="{tall}" rx="6" fill="{fill}" stroke="{ink}"'
        ' stroke-width="{edge}"/><text text-anchor="middle" fill="{ink}">{text}</text>',
        x=x,
        below=HEADER - 6,
        height=height,
        pale=PALE,
        left=x - COLUMN // 2 + 2,
        width=COLUMN - 4,
        tall=HEADER - 8,
        fill=END if is_end else "#ffffff",
        ink=INK,
        edge=2 if is_end else 1,
        text=text,
    )


def _row(move: Edge, x: dict[str, int], y: int) -> SafeString:
    label = format_html('<text x="{}" y="{}" fill="{}">{}</text>', MARGIN, y + 4, INK, move.label)
    sources = [x[state] for state in move.sources]
    leads = [x[state] for state in move.targets if state not in move.sources or len(move.targets) == 1]
    stays = move.targets == move.sources
    arrows = [] if stays else [_arrow(sources, target, y) for target in leads]
    if not move.targets:
        arrows = [_back(at, y) for at in sources]
    rings = [_ring(at, y, loops=stays) for at in sources]
    return _lines([label, *arrows, *rings])


def _arrow(sources: list[int], target: int, y: int) -> SafeString:
    """From the furthest state on each side to the target, with a head at the target."""
    left, right = [at for at in sources if at < target], [at for at in sources if at > target]
    parts = [_line(min(left), target - 3, y)] if left else []
    return _lines([*parts, _line(max(right), target + 3, y)] if right else parts)


def _line(start: int, tip: int, y: int, dashes: str = "none") -> SafeString:
    side = -1 if start < tip else 1
    return format_html(
        '<line x1="{start}" x2="{neck}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"'
        ' stroke-dasharray="{dashes}"/>'
        '<path d="M{tip} {y}l{back} -5v10z" fill="{colour}"/>',
        start=start,
        neck=tip + side * 8,
        y=y,
        colour=LINE,
        dashes=dashes,
        tip=tip,
        back=side * 10,
    )


def _ring(x: int, y: int, *, loops: bool) -> SafeString:
    """Where a move begins; filled where it also ends there."""
    return format_html(
        '<circle cx="{}" cy="{}" r="5" fill="{}" stroke="{}" stroke-width="2"/>',
        x,
        y,
        LINE if loops else "#ffffff",
        LINE,
    )


def _back(x: int, y: int) -> SafeString:
    """A move that leads back to wherever the case stood."""
    return _line(x, x - COLUMN * 3 // 2, y, dashes="5 4")

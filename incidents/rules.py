"""Which local authority a name or a GSS code means: no queries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from incidents.enums.local_authorities import LOCAL_AUTHORITIES

# What a name may carry or lack without meaning another authority.
_COMMON = {
    *("the", "of", "and", "council", "corporation", "borough", "county", "district", "city", "metropolitan", "royal"),
    *("london", "trading", "standards", "environmental", "health", "service"),
}
MOST_OFFERED = 4


@dataclass(frozen=True)
class LocalAuthority:
    """One local authority of the United Kingdom by its GSS code and official name."""

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


def local_authority(text: str) -> LocalAuthority | None:
    """The authority of that GSS code or name, whatever its capitals and whether 'Council' and the like are said.

    None where no authority, or more than one, goes by it.
    """
    wanted = text.strip().upper()
    exact = [known for known in _register() if wanted in (known.code, known.name.upper())]
    found = exact or _named().get(_key(text), [])
    return found[0] if len(found) == 1 else None


def local_authorities_like(text: str) -> list[LocalAuthority]:
    """The authorities that somebody who wrote this may have meant, the likeliest first; four at most."""
    key = _key(text)
    within = [known for name in sorted(_named()) if key and key in name for known in _named()[name]]
    close = [known for name in get_close_matches(key, _named(), n=MOST_OFFERED) for known in _named()[name]]
    return list(dict.fromkeys([*_named().get(key, []), *within, *close]))[:MOST_OFFERED]


def _key(name: str) -> str:
    """What of a name tells it from others."""
    words = re.sub(r"[^\w\s]", " ", name.casefold().replace("’", "").replace("'", "")).split()
    telling = [word for word in words if word not in _COMMON]
    return " ".join(telling or (word for word in words if word not in ("council", "corporation")))


@cache
def _register() -> tuple[LocalAuthority, ...]:
    return tuple(LocalAuthority(*line.split(" ", 1)) for line in LOCAL_AUTHORITIES.strip().splitlines())


@cache
def _named() -> dict[str, list[LocalAuthority]]:
    named: dict[str, list[LocalAuthority]] = {}
    for known in _register():
        named.setdefault(_key(known.name), []).append(known)
    return named

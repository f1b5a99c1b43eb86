"""The words of the data set: common ones in every fifth text, brands that a handful of issues share."""

from __future__ import annotations

from random import Random

PRODUCTS = (
    "Hoverboard", "Tumble dryer", "Phone charger", "Cot mattress", "Fairy lights", "E-bike battery", "Kettle",
    "Hair straightener", "Magnetic toy set", "Gas hob", "Smoke alarm", "Toy slime", "Power bank", "Electric blanket",
    "Baby walker", "Fireworks", "Cosmetic cream", "Carbon monoxide alarm", "Plug adaptor", "Car seat", "Fire door",
    "Washing machine", "Sky lantern", "Laser pointer", "Ladder", "Bicycle helmet", "Pressure cooker",
)  # fmt: skip
HAZARDS = (
    "overheats while charging", "can give an electric shock", "catches fire", "breaks under load", "leaks gas",
    "has small parts that a child can swallow", "contains a banned chemical", "fails its safety test",
    "carries a false conformity mark", "explodes", "traps fingers", "gives off toxic fumes", "is sold without a plug",
)  # fmt: skip
PLACES = ("online marketplace", "high street", "market stall", "discount shop", "importer", "catalogue", "wholesaler")
FILLERS = (
    "battery", "reported", "customer", "product", "seller", "found", "after", "several", "weeks", "house", "injury",
    "smoke", "photograph", "packaging", "label", "importer", "listing", "removed", "returned", "tested", "laboratory",
    "sample", "voltage", "insulation", "burn", "hospital", "parent", "child", "kitchen", "bedroom", "night", "alarm",
    "serial", "number", "instructions", "missing", "warning", "translated", "poorly", "cable", "melted", "socket",
    "trading", "standards", "council", "inspector", "visited", "warehouse", "stock", "units", "recall", "notice",
    "abroad", "similar", "complaint", "website", "price", "cheap", "brand", "copied", "certificate", "forged",
    "authority", "asked", "evidence", "waiting", "supplier", "answered", "refund", "offered", "refused", "solicitor",
)  # fmt: skip
_SYLLABLES = ("ba", "ko", "ri", "ven", "tal", "mo", "zu", "lek", "dor", "shi", "pra", "nox", "fel", "qui", "gar", "wem")
COMMON_WORD = "battery"
MOST_SUMMARY = 60


def brand(number: int) -> str:
    """An invented brand, another for every number."""
    parts = []
    while True:
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
        if not number:
            return "".join(parts).capitalize() + "ex"


def title(random: Random, name: str) -> str:
    return f"{name} {random.choice(HAZARDS)}"


def summary(random: Random, name: str) -> str:
    """Fifteen to sixty words, a fifth of them with the common one."""
    words = random.choices(FILLERS[1:], k=random.randint(15, MOST_SUMMARY))
    if random.random() < 0.2:
        words[random.randrange(len(words))] = COMMON_WORD
    return f"{name} bought from a {random.choice(PLACES)}. {' '.join(words).capitalize()}."

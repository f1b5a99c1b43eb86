"""Names of countries as other people write them, to ISO 3166-1 alpha-2."""

from __future__ import annotations

import re
import unicodedata

from incidents.enums.countries import COUNTRIES
from intake.importers.reading import Reading
from intake.importers.text import meant

# Other names that mean one country and no other. `Korea` and `Congo` mean two, so they are not here.
_OTHER_NAMES = {
    "AE": ["UAE"],
    "BA": ["Bosnia"],
    "BN": ["Brunei Darussalam"],
    "BO": ["Plurinational State of Bolivia"],
    "CD": ["Democratic Republic of the Congo"],
    "CI": ["Ivory Coast"],
    "CN": ["People's Republic of China", "PR China", "PRC", "Mainland China", "P.R. of China"],
    "CV": ["Cabo Verde"],
    "CZ": ["Czech Republic"],
    "DE": ["Federal Republic of Germany"],
    "FM": ["Federated States of Micronesia"],
    "GB": ["UK", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland"],
    "GR": ["Hellenic Republic"],
    "HK": ["Hong Kong", "Hong Kong SAR", "Hong Kong, China"],
    "IE": ["Republic of Ireland", "Eire"],
    "IR": ["Islamic Republic of Iran"],
    "KP": ["Democratic People's Republic of Korea"],
    "KR": ["Republic of Korea"],
    "LA": ["Lao People's Democratic Republic"],
    "MD": ["Republic of Moldova"],
    "MK": ["Macedonia", "Republic of North Macedonia"],
    "MM": ["Burma"],
    "MO": ["Macao", "Macau"],
    "NL": ["The Netherlands", "Holland"],
    "PH": ["The Philippines"],
    "PS": ["Palestine"],
    "RU": ["Russian Federation"],
    "SK": ["Slovak Republic"],
    "SY": ["Syrian Arab Republic"],
    "SZ": ["Swaziland"],
    "TR": ["Turkey", "Republic of Türkiye"],
    "TT": ["Trinidad"],
    "TW": ["Chinese Taipei"],
    "TZ": ["United Republic of Tanzania"],
    "US": ["USA", "United States of America", "U.S."],
    "VA": ["Holy See"],
    "VE": ["Bolivarian Republic of Venezuela"],
    "VN": ["Viet Nam"],
}


def _plain(name: str) -> str:
    """A name without what spellings differ in: case, accents, apostrophes, stops, a leading article."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[^\w&]+", " ", re.sub(r"['’.]", "", letters)).replace("&", "and").split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


_CODES = {_plain(name): code for code, name in COUNTRIES.items()} | {
    _plain(name): code for code, names in _OTHER_NAMES.items() for name in names
}


def read_country(text: str) -> Reading[str]:
    """The code of the one country that a text names, or None and that it is not known."""
    words = meant(text)
    if not words:
        return Reading(text)
    code = _CODES.get(_plain(words))
    return Reading(text, code, "" if code else f"‘{words}’ is not the name of one country")

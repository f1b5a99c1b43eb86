from command.selectors.drafting import figures_of, sections_drafted
from command.selectors.groups import (
    SCG_CHAIR_POSTS,
    chair_clashes,
    chair_title,
    is_live_incident,
    offices_of,
    proposed_chairs,
)
from command.selectors.incidents import IncidentPicture, groups_of, incidents_filtered, picture_of
from command.selectors.rhythm import next_events, rhythm_of
from command.selectors.sitreps import (
    SitrepFilters,
    content_of,
    content_written,
    draft_open_of,
    marking_of,
    reading_of,
    require_writable,
    sitrep_facts,
    sitrep_get,
    sitreps_filtered,
    sitreps_visible_to,
    superseded_by,
)

__all__ = [
    "SCG_CHAIR_POSTS",
    "IncidentPicture",
    "SitrepFilters",
    "chair_clashes",
    "chair_title",
    "content_of",
    "content_written",
    "draft_open_of",
    "figures_of",
    "groups_of",
    "incidents_filtered",
    "is_live_incident",
    "marking_of",
    "next_events",
    "offices_of",
    "picture_of",
    "proposed_chairs",
    "reading_of",
    "require_writable",
    "rhythm_of",
    "sections_drafted",
    "sitrep_facts",
    "sitrep_get",
    "sitreps_filtered",
    "sitreps_visible_to",
    "superseded_by",
]

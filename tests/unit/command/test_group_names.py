"""That the groups of an incident go by one name each, the plan's, wherever they are named."""

import pytest

from command.enums import GroupKind
from govuk.glossary import TERMS
from opss.plan_defaults import FIRST_RHYTHM


@pytest.mark.parametrize(
    ("kind", "abbreviation"), [(GroupKind.SCG, "SCG"), (GroupKind.TCG, "TCG"), (GroupKind.EVIDENCE_GROUP, "EG")]
)
def test_a_group_is_called_what_its_abbreviation_stands_for(kind, abbreviation):
    assert kind.label == TERMS[abbreviation].expansion


@pytest.mark.parametrize("kind", [GroupKind.SCG, GroupKind.TCG, GroupKind.BIRD_TABLE])
def test_the_first_rhythm_calls_a_meeting_by_the_name_of_its_group(kind):
    titles = {line["title"] for lines in FIRST_RHYTHM.values() for line in lines if line["kind"] == kind}

    assert titles == {kind.label}

"""The first version of the impact matrix (IMP-T1), its descriptors paraphrased."""

import datetime

from django.db import migrations

LEVELS = ("low", "medium", "high", "critical")
DESCRIPTORS = {
    "public_safety": (
        "There is a risk to people, perhaps with single cases of harm, and what is being done keeps it in check.",
        "People have come to moderate harm, or linked cases of worse harm have happened or may happen.",
        "Several people have been badly hurt, or are likely to be.",
        "Large numbers of people have been badly hurt, or very probably will be.",
    ),
    "non_compliance": (
        "Consumers, the environment and other businesses lose nothing or very little, now or later.",
        "Consumers, the environment or other businesses lose somewhat, now or later.",
        "Consumers, the environment or other businesses lose a great deal, now or later.",
    ),
    "remedial_action": (
        "The business is putting it right well, under the eye of OPSS or another regulator.",
        "Putting it right may be complex or take several businesses, or a business is not doing what is urgent.",
        "Many businesses may have to act at once, or curing this risk may make another one worse.",
        "It cannot be put right without urgent action across government.",
    ),
    "public_confidence": (
        "Little public concern, or concern that soon passes.",
        "Concern is growing and confidence is being lost.",
        "Across the nation, people have lost much of their confidence in how products are regulated.",
        "Confidence in regulation, or in the soundness of the UK's supply chain, is widely lost.",
    ),
    "media_interest": (
        "None, or brief interest that a short statement answers.",
        "Interest is growing; briefings and statements need coordinating.",
        "Interest lasts; the media need close watching, and briefings and statements are frequent.",
        "Interest at home or abroad does not let up; statements are cleared beyond the owning department.",
    ),
    "reputational_risk": (
        "Hardly any risk to the policy owner's standing.",
        "The policy owner's standing may suffer somewhat.",
        "The policy owner's standing suffers seriously.",
        "The policy owner's standing suffers seriously and goes on suffering.",
    ),
    "financial_risk": (
        "Nothing beyond present costs.",
        "Some more spending, within the budget.",
        "Spending on a large scale, for which money must be found.",
        "A great deal of extra money is likely to be needed.",
    ),
    "ministerial_interest": (
        "None, or brief interest that a short update answers.",
        "Interest is growing; briefings need coordinating.",
        "Interest lasts; briefings are frequent and ministers may make statements or Parliament may take it up.",
        "Interest does not let up; briefing and Parliamentary business go beyond the department that owns the policy.",
    ),
}


def fill(apps, schema_editor):
    matrix = apps.get_model("incidents", "ImpactMatrix").objects.create(
        version="5.0",
        in_force_from=datetime.date(2024, 8, 1),
        source="OPSS Incident Management Plan v5.0 (August 2024), table 1; descriptors in our own words",
    )
    descriptor = apps.get_model("incidents", "MatrixDescriptor")
    descriptor.objects.bulk_create(
        descriptor(matrix=matrix, indicator=indicator, level=level, text=text)
        for indicator, texts in DESCRIPTORS.items()
        for level, text in zip(LEVELS, texts, strict=False)
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_record")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

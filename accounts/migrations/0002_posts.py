"""The posts of the organisation: reference data that the product's rules name by code."""

from django.db import migrations

FUNCTION_OF = {
    "enforcement": "enforcement",
    "legal": "enforcement",
    "science": "science",
    "engineering_technology": "science",
    "risk": "science",
    "policy": "policy",
    "communications": "policy",
    "targeting": "targeting",
    "intelligence": "targeting",
    "incident_management": "targeting",
}
TEAM_TITLES = {
    "enforcement": "Enforcement",
    "intelligence": "Intelligence",
    "risk": "Risk",
    "legal": "Legal",
    "engineering_technology": "Engineering and Technology",
    "science": "Science",
    "communications": "Communications",
    "policy": "Policy",
    "targeting": "Targeting",
    "incident_management": "Incident Management",
}
DIRECTED = {"enforcement": "Enforcement", "science": "Science", "policy": "Policy", "targeting": "Targeting"}


def posts():
    """Code, title, senior civil servant, team and function, in order of precedence."""
    yield "ceo", "Chief Executive", True, "", ""
    yield "dceo.regulation", "Deputy Chief Executive, Regulation", True, "", ""
    yield "dceo.evidence", "Deputy Chief Executive, Evidence", True, "", ""
    for function, title in DIRECTED.items():
        yield f"dd.{function}", f"Deputy Director, {title}", True, "", function
    yield "scs.science", "Senior Civil Servant, Science", True, "", "science"
    imt, directing = "incident_management", FUNCTION_OF["incident_management"]
    yield "imt.head", "Head of IMT", False, imt, directing
    yield "imt.duty", "IMT Duty Deputy", False, imt, directing
    yield "imt.officer", "IMT Officer", False, imt, directing
    for team, title in TEAM_TITLES.items():
        if team != imt:  # the Head of IMT leads that team
            yield f"ftl.{team}", f"Functional Team Leader, {title}", False, team, FUNCTION_OF[team]
    for team, title in TEAM_TITLES.items():
        yield f"officer.{team}", f"Officer, {title}", False, team, FUNCTION_OF[team]
    yield "viewer", "Viewer", False, "", ""
    yield "operator", "Service Operator", False, "", ""


def fill(apps, schema_editor):
    Post = apps.get_model("accounts", "Post")
    Post.objects.bulk_create(
        Post(code=code, title=title, scs=scs, team=team, function=function, order=number * 10)
        for number, (code, title, scs, team, function) in enumerate(posts(), start=1)
    )


def empty(apps, schema_editor):
    apps.get_model("accounts", "Post").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_and_posts")]
    operations = [migrations.RunPython(fill, empty)]

"""What every model must be: classified, pointing down, its state behind one door."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model
from django_fsm import FSMField, FSMModelMixin

from kernel.models import AppendOnly
from tests.meta.code import ROOMS, modules, text_of

# Written once and never changed: the record of what was said, judged, decided and done.
APPEND_ONLY = {
    "audit.AccessLog",
    "audit.AuditEvent",
    "audit.Checkpoint",
    "audit.CheckpointHead",
    "audit.EventFacts",
    "command.DeEscalationConsent",
    "command.ResidualActivity",
    "command.ReviewReminder",
    "command.SitrepAuthor",
    "incidents.Confirmation",
    "incidents.Consultation",
    "incidents.Decision",
    "incidents.Evidence",
    "incidents.ImpactAssessment",
    "incidents.ImpactRating",
    "incidents.NncAssessment",
}
# Changed by services alone.
SERVICE_WRITTEN = {
    "accounts.ApiToken",
    "accounts.PostDeputy",
    "accounts.PostHolding",
    "accounts.PostTelephones",
    "accounts.User",
    "audit.Chain",
    "command.DeEscalationPlan",
    "command.Group",
    "command.GroupMember",
    "command.RhythmEvent",
    "command.RhythmOccurrence",
    "command.Sitrep",
    "command.SitrepSection",
    "escalation.Escalation",
    "incidents.AgendaMark",
    "incidents.Business",
    "incidents.ClosureChallenge",
    "incidents.Commission",
    "incidents.ForeignNotice",
    "incidents.HelpRequest",
    "incidents.Incident",
    "incidents.Issue",
    "incidents.IssuePerson",
    "incidents.Originator",
    "incidents.Product",
    "incidents.ReopenRequest",
    "kernel.Counter",
    "notify.Alarm",
    "notify.Delivery",
    "notify.Heartbeat",
    "notify.Notice",
    "notify.Preference",
    "notify.PutOff",
    "readiness.Finding",
    "readiness.IncidentReview",
    "readiness.Lesson",
    "rest.IdempotentAnswer",
}
# Kept by triggers from other rows; anybody may read them, nobody writes them.
DERIVED = {"escalation.StageTally", "incidents.SearchText"}
# Filled by migrations; read by everybody.
REFERENCE = {"accounts.Post", "incidents.ImpactMatrix", "incidents.MatrixDescriptor"}

# Beside services: what keeps itself (counters, the record, passwords), and the accounts of the demonstration.
MAY_WRITE = re.compile(
    r"(^|/)services(/|\.py$)|^kernel/(models|references)\.py$|^accounts/(models|demonstration)\.py$|^audit/"
)
WRITES = re.compile(r"\.(save|bulk_create|bulk_update)\(|\.objects\.(create|get_or_create|update_or_create)\(")


def project_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def test_every_model_is_classified_once():
    listed = [*APPEND_ONLY, *SERVICE_WRITTEN, *DERIVED, *REFERENCE]

    assert len(listed) == len(set(listed))
    assert {model._meta.label for model in project_models()} == set(listed)


def test_append_only_models_are_those_that_refuse_a_change():
    assert {model._meta.label for model in project_models() if issubclass(model, AppendOnly)} == APPEND_ONLY


def test_foreign_keys_point_at_the_same_room_or_a_lower_one():
    depth = {room: number for number, room in enumerate(ROOMS)}
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in project_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label in depth
        and depth[field.related_model._meta.app_label] < depth[model._meta.app_label]
    ]

    assert upwards == []


def test_every_state_is_protected_and_known_to_the_database():
    machines = [
        (model, field) for model in project_models() for field in model._meta.fields if isinstance(field, FSMField)
    ]

    assert {model._meta.label for model, _ in machines} >= {"escalation.Escalation", "command.Sitrep"}
    for model, field in machines:
        assert field.protected, model
        assert issubclass(model, FSMModelMixin), model
        assert any(constraint.name.endswith(f"{field.name}_known") for constraint in model._meta.constraints), model


@pytest.mark.parametrize("way_round", [r"\.update\([^)]*\b(stage|status)\s*=", r"setattr\([^)]*[\"'](stage|status)"])
def test_nobody_changes_a_state_past_the_mover(way_round):
    assert [str(module) for module in modules() if re.search(way_round, text_of(module))] == []


def test_only_services_write():
    writers = [
        f"{module}: {found[0]}"
        for module in modules()
        if not MAY_WRITE.search(module.as_posix())
        for found in WRITES.finditer(text_of(module))
    ]

    assert writers == []

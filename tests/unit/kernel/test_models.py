"""Base models and constraints: what they let pass and what they refuse."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps

from kernel.models import AppendOnly, AppendOnlyError, known


class Colour(models.TextChoices):
    RED = "red", "Red"


@pytest.fixture
def stamp() -> type[models.Model]:
    """A model of its own, so that the base is tested and not one of its users."""
    with isolate_apps("kernel"):

        class Stamp(AppendOnly):
            colour = models.CharField(max_length=10)
            shade = models.CharField(max_length=10, blank=True)

            class Meta:
                app_label = "kernel"
                constraints = (known("colour", Colour), known("shade", Colour, blank=True))

        return Stamp


def test_append_only_row_that_was_saved_is_neither_saved_again_nor_deleted(stamp):
    row = stamp(pk=1, colour="red")
    row._state.adding = False
    with pytest.raises(AppendOnlyError, match="never changed"):
        row.save()
    with pytest.raises(AppendOnlyError, match="never deleted"):
        row.delete()


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(colour="red"),
        lambda rows: rows.bulk_update([rows.model(pk=1)], ["colour"]),
        lambda rows: rows.delete(),
        lambda rows: rows.bulk_create([], update_conflicts=True, update_fields=["colour"], unique_fields=["id"]),
    ],
    ids=["update", "bulk_update", "delete", "bulk_create with update"],
)
@pytest.mark.django_db
def test_append_only_rows_are_not_changed_in_bulk_either(stamp, change):
    with pytest.raises(AppendOnlyError):
        change(stamp.objects.all())


@pytest.mark.parametrize(
    ("values", "passes"),
    [
        ({"colour": "red"}, True),
        ({"colour": "blue"}, False),
        ({"colour": ""}, False),
        ({"colour": "red", "shade": "red"}, True),
        ({"colour": "red", "shade": "blue"}, False),
    ],
)
@pytest.mark.django_db
def test_constraints_refuse_what_is_not_in_the_vocabulary(stamp, values, passes):
    row = stamp(**values)
    broken = []
    for constraint in stamp._meta.constraints:
        try:
            constraint.validate(stamp, row)
        except ValidationError as error:
            broken.append(error)
    assert (not broken) is passes


def test_constraints_have_names_that_tell_what_they_hold(stamp):
    assert [constraint.name for constraint in stamp._meta.constraints] == [
        "kernel_stamp_colour_known",
        "kernel_stamp_shade_known",
    ]

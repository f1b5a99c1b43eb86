"""Base models and constraints that every room uses, and the counter behind references."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

# How texts are cut into words for search: English, and accents do not matter. Made by the kernel's migration.
WORDS = "opss_words"


def known(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> models.CheckConstraint:
    """A constraint that holds a text column to its vocabulary; with `blank`, empty text passes too."""
    values = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        name="%(app_label)s_%(class)s_" + f"{field}_known", condition=Q(**{f"{field}__in": values})
    )


class AppendOnlyError(TypeError):
    """A row that is never changed was about to be changed. A fault of the program, never of a person."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")

    def bulk_create(self, objs: Iterable[Any], *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[Any]:
        if update_conflicts:
            raise AppendOnlyError(f"{self.model.__name__} rows are never changed")
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted")


class AppendOnly(models.Model):
    """Rows that are written once: a second save, an update or a delete raises AppendOnlyError."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted")


class Counter(models.Model):
    """The last number given under a key such as `ISS-2026`. Written by `kernel.references` alone."""

    key = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

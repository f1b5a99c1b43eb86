"""What an issue is found by. The database keeps it in step itself: a trigger forgets no door."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from incidents.models.issues import Issue


class SearchText(models.Model):
    """The words of one issue, of its products, businesses and foreign notices.

    `words` is searched by word, in any form of it; `said` (reference, title, what products and businesses are called,
    without capitals and accents) by any part of it, and for what is spelt alike. Written by the triggers of those
    tables alone (`incidents_search_renew` of the migration).
    """

    issue = models.OneToOneField(Issue, models.CASCADE, primary_key=True, related_name="search_text")
    words = SearchVectorField()
    said = models.TextField()

    class Meta:
        indexes = [
            GinIndex(name="incidents_searchtext_words", fields=["words"]),
            GinIndex(name="incidents_searchtext_said", fields=["said"], opclasses=["gin_trgm_ops"]),
        ]

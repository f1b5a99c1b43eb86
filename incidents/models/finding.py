"""The triggers that keep `SearchText` in step with what it is made of."""

from __future__ import annotations

import pgtrigger


def found_by(*columns: str, issue: str = "issue_id") -> list[pgtrigger.Trigger]:
    """The triggers of a table whose `columns` an issue is found by; `issue` is the column that names the issue.

    Rows that come in together are told together, so that a report of fifty products is gone through once.
    """
    return [
        pgtrigger.Trigger(
            name="search_added",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="added"),
            func=f"PERFORM incidents_search_renew(ARRAY(SELECT DISTINCT {issue} FROM added)); RETURN NULL;",  # noqa: S608 (a column that the model names)
        ),
        pgtrigger.Trigger(
            name="search_changed",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*columns),
            func=f"PERFORM incidents_search_renew(ARRAY[NEW.{issue}]); RETURN NULL;",
        ),
    ]


def found_by_until_gone(*columns: str) -> list[pgtrigger.Trigger]:
    """The same for rows that may be deleted while their issue stays."""
    return [
        *found_by(*columns),
        pgtrigger.Trigger(
            name="search_removed",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func="PERFORM incidents_search_renew(ARRAY[OLD.issue_id]); RETURN NULL;",
        ),
    ]

from __future__ import annotations

import pytest

from notify import hooks


@pytest.fixture
def hidden(monkeypatch):
    """What is hidden from whom: `hidden[user.pk] = {references}`; everybody sees the other test cases."""
    hidden: dict[int, set[str]] = {}
    monkeypatch.setattr(hooks, "_may_see", {})
    monkeypatch.setattr(hooks, "_may_quote", {})
    hooks.register_may_see("TST-", lambda user, references: set(references) - hidden.get(user.pk, set()))
    hooks.register_may_quote(
        "TST-", lambda references: {name: f"The case {name}" for name in references if not name.endswith("marked")}
    )
    return hidden

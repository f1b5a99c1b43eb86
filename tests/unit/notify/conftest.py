from __future__ import annotations

import pytest

from notify import hooks


@pytest.fixture
def hidden(monkeypatch):
    """What is hidden from whom: `hidden[user.pk] = {references}`; everybody sees the other test cases."""
    hidden: dict[int, set[str]] = {}
    monkeypatch.setattr(hooks, "_may_see", {})
    hooks.register_may_see("TST-", lambda user, references: set(references) - hidden.get(user.pk, set()))
    return hidden

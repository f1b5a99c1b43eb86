from __future__ import annotations

import pytest

from accounts import demonstration


@pytest.fixture
def seeded(db):
    """The demonstration's accounts."""
    return demonstration.seed()

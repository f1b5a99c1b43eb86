"""References have no gaps, whatever is rolled back and however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from kernel import clock, references


@pytest.mark.django_db(transaction=True)
def test_number_next_fifty_at_once_give_fifty_numbers_without_a_gap():
    def take(_: int) -> int:
        try:
            with transaction.atomic():
                return references.number_next("ISS-2026")
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as pool:
        assert sorted(pool.map(take, range(50))) == list(range(1, 51))


@pytest.mark.django_db
def test_number_next_gives_the_number_of_work_that_was_rolled_back_again():
    assert references.number_next("ISS-2026") == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert references.number_next("ISS-2026") == 2
        raise ZeroDivisionError
    assert references.number_next("ISS-2026") == 2


@pytest.mark.django_db
def test_number_next_counts_each_key_by_itself():
    assert [references.number_next(key) for key in ("ISS-2026", "INC-2026", "ISS-2026")] == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_number_next_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="share the transaction"):
        references.number_next("ISS-2026")


@pytest.mark.django_db
def test_reference_next_takes_the_year_from_the_record_time_in_london():
    with clock.at(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)):
        assert references.reference_next("ISS", digits=5) == "ISS-2026-00001"
        assert references.reference_next("INC", digits=4) == "INC-2026-0001"
    with clock.at(datetime(2027, 1, 1, 0, 0, tzinfo=UTC)):
        assert references.reference_next("ISS", digits=5) == "ISS-2027-00001"
    with clock.at(datetime(2027, 6, 1, tzinfo=UTC)):
        assert references.reference_next("ISS", digits=5) == "ISS-2027-00002"

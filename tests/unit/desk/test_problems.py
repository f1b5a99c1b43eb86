import pytest

from desk.problems import PROBLEMS
from kernel.errors import DomainError
from rest import problems as rest_problems


def kinds(error: type[DomainError]) -> set[type[DomainError]]:
    return {error}.union(*(kinds(child) for child in error.__subclasses__()))


@pytest.mark.parametrize("error", sorted(kinds(DomainError), key=lambda kind: kind.__name__))
def test_every_kind_of_refusal_is_explained_with_its_status(error):
    assert PROBLEMS[error.code].status == error.status


def test_every_refusal_of_the_rest_frame_is_explained():
    assert {code for code, _ in rest_problems._TITLES.values()} <= set(PROBLEMS)


def test_problem_documents_point_at_their_explanation(client):
    problem = rest_problems.not_found().as_json()

    page = client.get(problem["type"], follow=True)

    assert "There is nothing at this address" in page.content.decode()

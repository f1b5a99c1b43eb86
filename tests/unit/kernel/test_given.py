import pytest

from kernel.errors import InvalidInput
from kernel.given import BIGGEST, natural, version_seen


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(BIGGEST), BIGGEST)])
def test_plain_digits_are_a_number(text, number):
    assert natural(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1_000", "²", "٣", "1e3", str(BIGGEST + 1), "9" * 5000])
def test_anything_else_is_none(text):
    assert natural(text) is None


@pytest.mark.parametrize("given", [7, "7"])
def test_a_version_comes_as_number_or_text(given):
    assert version_seen(given) == 7


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "required"),
        ("", "required"),
        ("seven", "wrong_type"),
        ("2147483648", "wrong_type"),
        (True, "wrong_type"),
        (7.0, "wrong_type"),
    ],
)
def test_a_version_that_is_none_is_refused_by_code(given, code):
    with pytest.raises(InvalidInput) as refused:
        version_seen(given)

    assert [(error.field, error.code) for error in refused.value.errors] == [("version", code)]

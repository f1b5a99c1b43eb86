import re
from pathlib import Path

from opss.env import Env

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def test_env_example_lists_every_setting_and_no_other():
    listed = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)

    assert sorted(listed) == sorted(
        field.validation_alias or f"OPSS_{name.upper()}" for name, field in Env.model_fields.items()
    )

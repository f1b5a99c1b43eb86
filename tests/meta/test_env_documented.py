import re
from pathlib import Path

from opss.env import Env

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def test_env_example_lists_every_setting_and_no_other():
    of_the_product = EXAMPLE.read_text().partition("# --- For docker-compose.yml alone")[0]
    listed = re.findall(r"^#?([A-Z_]+)=", of_the_product, re.MULTILINE)

    assert sorted(listed) == sorted(
        field.validation_alias or f"OPSS_{name.upper()}" for name, field in Env.model_fields.items()
    )

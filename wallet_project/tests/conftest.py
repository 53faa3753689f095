"""A database that cannot be reached."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture
def unreachable_database(db: None) -> Iterator[None]:
    """This thread's connection leads to a port where nobody listens."""
    real = connections["default"]
    lost: BaseDatabaseWrapper = real.copy()
    lost.settings_dict = {**real.settings_dict, "HOST": "127.0.0.1", "PORT": "1"}
    connections["default"] = lost
    yield
    connections["default"] = real

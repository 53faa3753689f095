"""PostgreSQL and Valkey for one system: private ones, or those that the environment names."""

import os
from collections.abc import Callable

from wallet_project.launcher.environment import Addresses
from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import Place
from wallet_project.launcher.postgres import Postgres
from wallet_project.launcher.processes import Supervisor
from wallet_project.launcher.valkey import Valkey


def start_servers(
    supervisor: Supervisor,
    *,
    place: Place,
    keys: Keys,
    port_for: Callable[[str], int],
    postgres_options: dict[str, str],
) -> Addresses:
    """Where DATABASE_URL or REDIS_URL is set, that server is used and no private one started."""
    database = os.environ.get("DATABASE_URL", "")
    owner = os.environ.get("DATABASE_OWNER_URL") or database
    if not database:
        postgres = Postgres(place=place, port=port_for("PostgreSQL"), keys=keys, options=postgres_options)
        postgres.start(supervisor)
        database, owner = postgres.application_url, postgres.owner_url

    messages = os.environ.get("REDIS_URL", "")
    if not messages:
        valkey = Valkey(place=place, port=port_for("Valkey"), keys=keys)
        valkey.start(supervisor)
        messages = valkey.url
    return Addresses(database=database, database_owner=owner, redis=messages)

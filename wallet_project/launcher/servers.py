"""PostgreSQL and Valkey for one system: private ones, or those that the environment names."""

import os

from wallet_project.launcher.environment import Addresses
from wallet_project.launcher.keys import Keys
from wallet_project.launcher.places import Place
from wallet_project.launcher.ports import choose_port
from wallet_project.launcher.postgres import Postgres
from wallet_project.launcher.processes import Supervisor
from wallet_project.launcher.valkey import Valkey


def start_servers(
    supervisor: Supervisor, *, place: Place, keys: Keys, postgres_options: dict[str, str]
) -> Addresses:
    """DATABASE_URL and REDIS_URL, where they are set, are used instead of private servers."""
    database = os.environ.get("DATABASE_URL", "")
    owner = os.environ.get("DATABASE_OWNER_URL") or database
    if not database:
        port = choose_port(usual=5442, owner="PostgreSQL")
        postgres = Postgres(place=place, port=port, keys=keys, options=postgres_options)
        postgres.start(supervisor)
        database, owner = postgres.application_url, postgres.owner_url

    valkey_url = os.environ.get("REDIS_URL", "")
    if not valkey_url:
        valkey = Valkey(place=place, port=choose_port(usual=6390, owner="Valkey"), keys=keys)
        valkey.start(supervisor)
        valkey_url = valkey.url
    return Addresses(database=database, database_owner=owner, redis=valkey_url)

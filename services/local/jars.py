"""The jars of Apache Kafka: which they are, where they lie, whether they are whole."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parents[2] / "deploy" / "kafka" / "jars.txt"


@dataclass(frozen=True)
class Jar:
    sha256: str
    coordinate: str

    @property
    def file_name(self) -> str:
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    @property
    def path(self) -> Path:
        return libraries() / self.file_name

    def is_good(self) -> bool:
        return self.path.is_file() and sha256(self.path) == self.sha256


def libraries() -> Path:
    """Inside the virtual environment, like every other dependency."""
    return Path(sys.prefix) / "share" / "madang" / "kafka"


def read_list() -> list[Jar]:
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    return [Jar(digest, coordinate) for digest, coordinate in lines]


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Shows log files, and what is written to them from now on."""

import sys
import time
from collections import deque
from pathlib import Path
from typing import BinaryIO

from services.cli.output import CONTROLS

LOOK_EVERY_S = 0.3


def show(files: list[Path], lines: int, *, follow: bool) -> None:
    """The last lines of each file, each line under its file's name where there are several."""
    tails = [_Tail(path, named=len(files) > 1) for path in files]
    for tail in tails:
        tail.last(lines)
    while follow:
        sys.stdout.flush()
        time.sleep(LOOK_EVERY_S)
        for tail in tails:
            tail.more()


class _Tail:
    """One file that grows, and is replaced when it is full."""

    def __init__(self, path: Path, *, named: bool) -> None:
        self._path, self._prefix = path, f"{path.stem}: " if named else ""
        self._file: BinaryIO | None = None

    def last(self, lines: int) -> None:
        if self._open():
            for line in deque(self._file or (), maxlen=lines):
                self._print(line)

    def more(self) -> None:
        if self._file is None or self._replaced():
            self._open()
        for line in self._file or ():
            self._print(line)

    def _open(self) -> bool:
        if self._path.exists():
            self._file = self._path.open("rb")
        return self._file is not None

    def _replaced(self) -> bool:
        assert self._file is not None
        for line in self._file:
            self._print(line)
        return self._path.exists() and not self._path.samefile(f"/dev/fd/{self._file.fileno()}")

    def _print(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\n").translate(CONTROLS)
        sys.stdout.write(f"{self._prefix}{text}\n")

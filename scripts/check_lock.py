"""Whether requirements.lock still answers pyproject.toml, asked of no registry.

Every dependency of the project, and of every installed package of the lock, is pinned there with hashes, in a version that fits.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?:[^\\\n]*)((?:\s*\\\n\s+--hash=sha256:[0-9a-f]{64})*)", re.MULTILINE)


def main() -> int:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = {canonicalize_name(name): (Version(version), hashes.count("--hash")) for name, version, hashes in PIN.findall(text)}
    problems = [f"{name} is pinned without a hash" for name, (_, hashes) in pins.items() if not hashes]
    for source, requirement in wanted(pins):
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            problems.append(f"{requirement.name} (for {source}) is missing")
        elif not requirement.specifier.contains(pin[0], prereleases=True):
            problems.append(f"{requirement.name}=={pin[0]} does not fit {requirement.specifier} (for {source})")
    for problem in problems:
        print(f"requirements.lock: {problem}; run `make lock`", file=sys.stderr)
    return 1 if problems else 0


def wanted(pins: dict[str, tuple[Version, int]]) -> Iterator[tuple[str, Requirement]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [*project["dependencies"], *(item for extra in project["optional-dependencies"].values() for item in extra)]
    yield from (("pyproject.toml", Requirement(item)) for item in direct)
    for name in pins:
        try:
            found = [Requirement(item) for item in requires(name) or []]
        except PackageNotFoundError:
            continue  # made for another platform
        yield from ((name, item) for item in found if item.marker is None or item.marker.evaluate({"extra": ""}))


if __name__ == "__main__":
    sys.exit(main())

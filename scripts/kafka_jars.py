"""Bring Apache Kafka's jars to this environment, and nothing that differs from deploy/kafka/jars.txt.

    python scripts/kafka_jars.py            fetch what is missing (idempotent; a second try goes on where the first stopped)
    python scripts/kafka_jars.py --resolve  resolve the list anew, after a change of ENDPOINT

Repositories are those of jgo's own configuration (Maven Central unless configured otherwise).
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import jgo
from jgo.config import GlobalSettings
from jgo.maven import MavenContext

from services.local.jars import LIST, Jar, libraries, read_list, sha256

# "!" keeps each artifact's own versions: without it the managed versions of another one win and the broker dies with NoSuchMethodError.
ENDPOINT = "org.apache.kafka:kafka_2.13:4.2.2!+org.apache.logging.log4j:log4j-slf4j-impl:2.25.5!"
TRIES = 4
HEADER = f"""\
# The jars of the local broker: SHA-256, then group:artifact:version. A jar that differs is refused.
# Made by `python scripts/kafka_jars.py --resolve` from
#   {ENDPOINT}
"""


def main() -> int:
    if sys.argv[1:] == ["--resolve"]:
        return resolve()
    missing = [jar for jar in read_list() if not jar.is_good()]
    if not missing:
        print(f"kafka: {len(read_list())} jars are in place", file=sys.stderr)
        return 0
    libraries().mkdir(parents=True, exist_ok=True)
    return fetch(missing)


def fetch(missing: list[Jar]) -> int:
    failed = 0
    with tempfile.TemporaryDirectory(dir=libraries().parent) as staging, ThreadPoolExecutor(8) as pool:
        jobs = {pool.submit(fetch_one, jar, Path(staging)): jar for jar in missing}
        for done, job in enumerate(as_completed(jobs), 1):
            problem = job.exception()
            failed += problem is not None
            state = f"failed: {problem}" if problem else "ok"
            print(f"kafka: [{done}/{len(missing)}] {jobs[job].file_name} {state}", file=sys.stderr)
    if failed:
        print(f"kafka: {failed} jars are missing; run `make setup` again to go on", file=sys.stderr)
    return 1 if failed else 0


def fetch_one(jar: Jar, staging: Path) -> None:
    for attempt in range(TRIES):
        try:
            found = locate(jar, staging / f"{jar.file_name}.{attempt}")
        except (OSError, RuntimeError):  # requests' errors are OSErrors; jgo raises RuntimeError for what it cannot find
            if attempt == TRIES - 1:
                raise
            time.sleep(2**attempt)
            continue
        if sha256(found) == jar.sha256:
            part = staging / f"{jar.file_name}.part"
            shutil.copyfile(found, part)
            part.replace(jar.path)
            return
    raise RuntimeError(f"its SHA-256 differs from {LIST.name}")


def locate(jar: Jar, folder: Path) -> Path:
    """The jar from Maven's local cache where that one is whole, else downloaded into a folder of its own (a cut download never lasts)."""
    group, artifact, version = jar.coordinate.split(":")
    settings = GlobalSettings.load()
    cached = settings.repo_cache / group.replace(".", "/") / artifact / version / jar.file_name
    if cached.is_file() and sha256(cached) == jar.sha256:
        return cached
    context = MavenContext(repo_cache=folder, remote_repos=settings.repositories or None, timeout=30)
    found: Path = context.project(group, artifact).at_version(version).artifact().resolve()
    return found


def resolve() -> int:
    with tempfile.TemporaryDirectory() as cache:
        environment = jgo.build(ENDPOINT, cache_dir=Path(cache), repositories=GlobalSettings.load().repositories)
        LIST.write_text(HEADER + "".join(sorted(lines_of(environment.path), key=lambda line: line.split()[1])), encoding="utf-8")
    print(f"kafka: wrote {LIST}", file=sys.stderr)
    return 0


def lines_of(environment: Path) -> Iterator[str]:
    wanted = {path.name: sha256(path) for path in environment.rglob("*.jar")}
    cache = GlobalSettings.load().repo_cache
    for path in cache.rglob("*.jar"):
        if wanted.get(path.name) and sha256(path) == wanted[path.name]:
            group, artifact, version = path.parent.relative_to(cache).as_posix().rsplit("/", 2)
            yield f"{wanted.pop(path.name)}  {group.replace('/', '.')}:{artifact}:{version}\n"
    if wanted:
        raise RuntimeError(f"no coordinate is known for {sorted(wanted)}")


if __name__ == "__main__":
    sys.exit(main())

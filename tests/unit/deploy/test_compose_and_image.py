"""The compose file and the image: real servers of the versions we test with, and an image that holds what it runs."""

import re
import subprocess
import sys
import tomllib

from services.kit import topics
from services.local import jars, kafka, postgres
from services.local.processes import PROCESSES
from tests.unit.deploy.manifests import BY_NAME, OVERLAYS, ROOT, check_against, compose, container, pods

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STEPS = ("keys", "migrate", "topics")


def copied() -> set[str]:
    """What the image's last stage takes from the checkout."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    return {source for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", last, re.MULTILINE) if source == target}


def started() -> list[list[str]]:
    """Every command that a container of ours is started with."""
    services = compose()["services"]
    commands = [services[name]["command"] for name in (*BY_NAME, *STEPS)]
    return commands + [first["command"] for overlay in OVERLAYS for pod in pods(overlay).values() for first in pod["initContainers"]]


def test_the_compose_file_uses_no_field_that_compose_does_not_know() -> None:
    check_against("compose", compose())


def test_all_our_containers_are_of_one_image_and_cannot_write_to_it() -> None:
    services = compose()["services"]
    assert set(services) == {*BY_NAME, *STEPS, "kafka", "postgres"}
    for name in (*BY_NAME, *STEPS):
        service = services[name]
        assert service["image"] == f"madang:{PROJECT['version']}"
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert [name for name, service in services.items() if "build" in service] == ["keys"]
    assert {container(overlay, name)["image"] for overlay in OVERLAYS for name in BY_NAME} == {f"madang:{PROJECT['version']}"}


def test_processes_start_after_what_they_need_is_there() -> None:
    services = compose()["services"]
    for name in BY_NAME:
        assert services[name]["depends_on"] == {step: {"condition": "service_completed_successfully"} for step in STEPS}
    assert services["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert all("healthcheck" in services[name] for name in ("kafka", "postgres", *BY_NAME))


def test_every_volume_that_is_used_is_declared() -> None:
    used = {volume.partition(":")[0] for service in compose()["services"].values() for volume in service.get("volumes", [])}
    assert used == set(compose()["volumes"])


def test_the_servers_have_the_versions_that_the_tests_run_against() -> None:
    services = compose()["services"]
    (broker,) = [jar.coordinate.rpartition(":")[2] for jar in jars.read_list() if jar.coordinate.startswith("org.apache.kafka:kafka_")]
    assert services["kafka"]["image"] == f"apache/kafka:{broker}"
    installed = postgres.installed()
    assert installed is not None
    answer = subprocess.run([installed / "pginstall/bin/postgres", "--version"], capture_output=True, text=True, check=True)
    (major,) = re.findall(r" (\d+)\.", answer.stdout)
    assert services["postgres"]["image"] == f"postgres:{major}"


def test_the_broker_is_set_up_as_the_local_one() -> None:
    given = {
        name.removeprefix("KAFKA_").replace("_", ".").lower(): str(value)
        for name, value in compose()["services"]["kafka"]["environment"].items()
    }
    own = {"listener.security.protocol.map"}  # a second listener, for clients outside
    shared = (given.keys() & kafka.SETTINGS.keys()) - own
    assert {name: given[name] for name in shared} == {name: kafka.SETTINGS[name] for name in shared}
    assert {name for name in kafka.SETTINGS if "replica" in name or "isr" in name or "topics" in name} <= given.keys()


def test_topics_are_made_on_the_broker_that_the_processes_use() -> None:
    services = compose()["services"]
    assert services["topics"]["command"][2] == services["voices"]["environment"]["MADANG_KAFKA_BOOTSTRAP_SERVERS"]


# -- the image ------------------------------------------------------------------------------------------------------------------------


def test_the_image_holds_what_its_containers_start() -> None:
    scripts = {part for command in started() for part in command if part.endswith(".py")}
    assert scripts == {"deploy/keys.py", "deploy/kafka/topics.py", "deploy/postgres/migrate.py"}
    assert copied() == scripts | {"services", "protos/python", str(topics.FOLDER.relative_to(ROOT))}
    assert all((ROOT / source).exists() for source in copied())


def test_the_builder_is_sent_what_is_copied_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == copied() | {"requirements.lock", "pyproject.toml"}


def test_the_image_is_made_from_the_lock_and_is_not_root() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "-r requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert {pod["securityContext"]["runAsUser"] for overlay in OVERLAYS for pod in pods(overlay).values()} == {10001}
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    assert bases == {"python:3.11-slim-bookworm"}
    assert PROJECT["requires-python"] == ">=3.11,<3.12"


def test_what_the_image_runs_needs_nothing_of_the_local_stack_or_of_development() -> None:
    extras = PROJECT["optional-dependencies"]
    absent = [name.replace("-", "_") for name in [*extras["local"], "grpcio-tools", "hypothesis", "pytest", "uv"]]
    modules = ["services.kit.topics", "services.local.databases", "services.local.keys"]
    modules += sorted({f"{process.module}.__main__" for process in PROCESSES})
    hidden = f"import sys; sys.modules.update(dict.fromkeys({absent!r}))"
    imports = "; ".join(f"import {module}" for module in modules)
    done = subprocess.run([sys.executable, "-c", f"{hidden}; {imports}"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

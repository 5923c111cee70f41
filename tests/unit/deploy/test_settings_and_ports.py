"""Whatever runs the processes, compose or Kubernetes: each is started as the code says, and told what it reads and nothing else."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from services.kit import metrics
from services.kit.settings import PREFIX
from services.local.processes import PROCESSES, Process
from tests.unit.deploy.manifests import BY_NAME, OVERLAYS, compose, container, environment, madang, of_kind, pods, settings_of

PLACES = ("compose", *OVERLAYS)
everywhere = pytest.mark.parametrize("place", PLACES)
each_process = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)


def told(place: str, name: str) -> dict[str, str]:
    return dict(compose()["services"][name]["environment"]) if place == "compose" else environment(place, name)


@everywhere
def test_every_process_runs_and_no_other(place: str) -> None:
    if place == "compose":
        found = {name for name, service in compose()["services"].items() if "healthcheck" in service} - {"kafka", "postgres"}
    else:
        found = set(pods(place))
    assert found == set(BY_NAME)


@everywhere
@each_process
def test_a_process_is_started_as_in_the_local_stack(place: str, process: Process) -> None:
    found = compose()["services"][process.name] if place == "compose" else container(place, process.name)
    assert found["command"] == ["python", *process.command[1:]]


@everywhere
@each_process
def test_a_process_is_told_what_it_reads_and_nothing_else(place: str, process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    given, settings = madang(told(place, process.name)), settings_of(process)
    assert set(given) <= {f"{PREFIX}{name.upper()}" for name in settings.model_fields}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    read = settings.read()
    assert read.profile == ("production" if place == "production" else "local")


@everywhere
@each_process
def test_a_process_enters_its_own_database_as_its_owner(place: str, process: Process) -> None:
    url = urlsplit(told(place, process.name)["MADANG_DATABASE_URL"])
    assert (url.username, url.path) == (process.database, f"/{process.database}")
    if place != "compose":
        query = parse_qs(url.query)
        assert query["sslmode"] == ["verify-full"]
        assert query.get("search_path") == (["agenda,public"] if process.service == "agenda" else None)


@everywhere
@each_process
def test_every_service_is_called_where_it_serves(place: str, process: Process) -> None:
    settings = told(place, process.name)
    port = settings["MADANG_LISTEN"].rpartition(":")[2]
    expected = {f"MADANG_{other.service.upper()}_ADDRESS": f"{other.name}:{port}" for other in PROCESSES if other.has_grpc}
    assert {name: value for name, value in settings.items() if name.endswith("_ADDRESS")} == expected


@pytest.mark.parametrize("overlay", OVERLAYS)
@each_process
def test_ports_are_those_that_the_settings_name(overlay: str, process: Process) -> None:
    settings = environment(overlay, process.name)
    expected = {"metrics": int(settings["MADANG_METRICS_LISTEN"].rpartition(":")[2])}
    if process.has_grpc:
        expected["grpc"] = int(settings["MADANG_LISTEN"].rpartition(":")[2])
    assert {port["name"]: port["containerPort"] for port in container(overlay, process.name)["ports"]} == expected
    service = of_kind(overlay, "Service")[process.name]["spec"]
    assert {port["targetPort"]: port["port"] for port in service["ports"]} == expected
    assert service["clusterIP"] == "None"


@each_process
def test_compose_publishes_what_serves_grpc_once_each(process: Process) -> None:
    service = compose()["services"][process.name]
    inside = service["environment"]["MADANG_LISTEN"].rpartition(":")[2]
    assert [port.rpartition(":")[2] for port in service.get("ports", [])] == ([inside] if process.has_grpc else [])
    published = [port.split(":")[1] for other in compose()["services"].values() for port in other.get("ports", [])]
    assert len(published) == len(set(published))


@pytest.fixture
def health() -> Callable[[str], int]:
    """The status that a process answers on a path of its metrics port."""
    server = metrics.serve("127.0.0.1:0", lambda: True)

    def ask(path: str) -> int:
        with urlopen(f"http://127.0.0.1:{server.server_port}{path}", timeout=5) as answer:
            return int(answer.status)

    return ask


@each_process
def test_probes_ask_what_a_process_answers(process: Process, health: Callable[[str], int]) -> None:
    for overlay in OVERLAYS:
        mine = container(overlay, process.name)
        paths = {name: mine[f"{name}Probe"]["httpGet"] for name in ("liveness", "readiness")}
        assert paths == {"liveness": {"path": "/live", "port": "metrics"}, "readiness": {"path": "/ready", "port": "metrics"}}
        assert {health(probe["path"]) for probe in paths.values()} == {200}
    service = compose()["services"][process.name]
    port = service["environment"]["MADANG_METRICS_LISTEN"].rpartition(":")[2]
    assert f"'http://127.0.0.1:{port}/ready'" in service["healthcheck"]["test"][-1]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_each_pod_of_a_process_is_a_member_of_its_own(overlay: str) -> None:
    for name in BY_NAME:
        (instance,) = [item for item in container(overlay, name)["env"] if item["name"] == "MADANG_INSTANCE"]
        assert instance["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['apps.kubernetes.io/pod-index']"
        # A service of Kubernetes named madang-… would put a MADANG_ name into the environment, which every process refuses.
        assert pods(overlay)[name]["enableServiceLinks"] is False

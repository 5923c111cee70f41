"""The rendered overlays: valid, without a right too many, and the same topics, databases and calls as in the code."""

import inspect
import re
from ipaddress import ip_address, ip_network
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from services.agenda.projection.apply import CONSUMER
from services.agenda.projection.facts import SERVICES as PUBLISHERS
from services.kit import topics
from services.local import databases
from services.local.processes import SERVICES, database_of
from services.local.stack import PARTITIONS, REPLICATION
from services.partners.domain.webhook import is_public
from services.partners.settings import PartnerSettings
from services.partners.wire.owner import OWNERS
from tests.unit.deploy.manifests import (
    BY_NAME,
    OVERLAYS,
    ROOT,
    Manifest,
    check,
    container,
    environment,
    madang,
    of_kind,
    pods,
    rendered,
    strings,
)

each_overlay = pytest.mark.parametrize("overlay", OVERLAYS)
INSIDE = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "198.18.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "fc00::1", "fe80::1", "ff02::1", "64:ff9b::a00:1", "2002:a00:1::1", "2001::1",
)  # fmt: skip
SIZE = {"dev": (PARTITIONS, REPLICATION), "production": (12, 3)}
STANDING = {topic.name: topic for topic in topics.standing(topics.read_registry())}
TOPIC = re.compile(r"\bmadang(?:\.[a-z][a-z0-9_-]*)+\.v\d+\b")


@each_overlay
def test_everything_is_valid(overlay: str) -> None:
    for item in rendered(overlay):
        check(item)


@pytest.mark.parametrize(
    "wrong",
    [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"port": []}},
        {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": {}, "spec": {"partition": 1}},
    ],
)
def test_a_misspelt_field_is_found(wrong: Manifest) -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(wrong)


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        check({"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopik", "metadata": {"name": "a"}})


# -- rights ---------------------------------------------------------------------------------------------------------------------------


@each_overlay
@pytest.mark.parametrize("name", BY_NAME)
def test_no_container_is_root_or_writes_to_its_root(overlay: str, name: str) -> None:
    pod = pods(overlay)[name]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["serviceAccountName"] in of_kind(overlay, "ServiceAccount")
    for each in [*pod["initContainers"], *pod["containers"]]:
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert each["resources"]["requests"]["cpu"]
        assert each["resources"]["limits"]["memory"]


@each_overlay
@pytest.mark.parametrize("name", BY_NAME)
def test_a_node_can_be_drained_without_stopping_a_process(overlay: str, name: str) -> None:
    labels = of_kind(overlay, "StatefulSet")[name]["spec"]["template"]["metadata"]["labels"]
    budget = of_kind(overlay, "PodDisruptionBudget")[name]["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["selector"]["matchLabels"].items() <= labels.items()
    if overlay == "production":
        assert _replicas(name) == 2


def _replicas(name: str) -> int:
    scaled = {item["spec"]["scaleTargetRef"]["name"]: item["spec"] for item in of_kind("production", "ScaledObject").values()}
    own = of_kind("production", "StatefulSet")[name]["spec"].get("replicas")
    assert (own is None) == (name in scaled), "who scales a process alone says how many there are"
    return int(own or scaled[name]["minReplicaCount"])


@each_overlay
def test_secrets_are_made_by_an_operator_or_named_in_the_readme(overlay: str) -> None:
    readme = (ROOT / "k8s" / "README.md").read_text(encoding="utf-8")
    named = {value for item in rendered(overlay) for value in _secrets(item)}
    made = set(of_kind(overlay, "KafkaUser")) | {f"{service}-database" for service in SERVICES}
    assert {name for name in named - made if f"`{name}`" not in readme} == set()
    assert {f"{service}-database" for service in SERVICES} <= named
    assert f"for service in {' '.join(SERVICES)}; do" in readme
    assert not of_kind(overlay, "Secret")


def _secrets(data: Any) -> list[str]:
    if isinstance(data, list):
        return [name for value in data for name in _secrets(value)]
    if not isinstance(data, dict):
        return []
    mine = [
        data[key] if key == "secretName" else data[key]["name"] for key in ("secretName", "secretKeyRef", "passwordSecret") if key in data
    ]
    mine += [item["name"] for item in data.get("secretTargetRef", [])]
    return mine + [name for value in data.values() for name in _secrets(value)]


# -- the network ----------------------------------------------------------------------------------------------------------------------


@each_overlay
def test_nothing_enters_or_leaves_unless_it_is_allowed(overlay: str) -> None:
    policies = of_kind(overlay, "NetworkPolicy")
    assert policies["default-deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for name, policy in policies.items():
        for rule in policy["spec"].get("ingress", []):
            assert rule.get("from"), f"{name} lets everybody in"
            assert rule.get("ports"), f"{name} opens every port"


@each_overlay
def test_a_process_is_called_by_those_that_read_its_address_and_by_nobody_else(overlay: str) -> None:
    allowed = {
        (BY_NAME[caller].service, server)
        for name in of_kind(overlay, "NetworkPolicy")
        if (server := name.removeprefix("calls-to-")) != name
        for caller in _callers(overlay, server)
    }
    servers = {process.service: name for name, process in BY_NAME.items() if process.has_grpc}
    assert allowed == {(service, servers[called]) for service in SERVICES for called in _called(service)}


def _called(service: str) -> set[str]:
    """Whose address a service reads, by name or in a loop over a table of its own."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "services" / service).rglob("*.py"))
    looped: dict[str, set[str]] = {"partners": set(OWNERS), "agenda": set(PUBLISHERS)}
    assert ("getattr(settings" in code) == (service in looped)
    return looped.get(service, set()) | set(re.findall(r"settings\.(\w+)_address\b", code))


def _callers(overlay: str, server: str) -> set[str]:
    rules = of_kind(overlay, "NetworkPolicy")[f"calls-to-{server}"]["spec"]
    assert rules["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": server}
    (rule,) = rules["ingress"]
    (peer,) = rule["from"]
    (expression,) = peer["podSelector"]["matchExpressions"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 50051}]
    return set(expression["values"])


@each_overlay
def test_partners_alone_reach_out_and_to_public_networks_only(overlay: str) -> None:
    spec = of_kind(overlay, "NetworkPolicy")["webhooks"]["spec"]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "partners"}}
    (rule,) = spec["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 443}]
    blocks = [(ip_network(peer["ipBlock"]["cidr"]), list(map(ip_network, peer["ipBlock"]["except"]))) for peer in rule["to"]]
    for address in map(ip_address, INSIDE):
        assert not is_public(str(address))
        assert not [block for block, barred in blocks if address in block and not any(address in network for network in barred)]
    assert not [network for _, barred in blocks for network in barred if is_public(str(network[1])) or is_public(str(network[-2]))]


# -- Kafka ----------------------------------------------------------------------------------------------------------------------------


@each_overlay
def test_topics_are_those_of_the_registry_with_its_settings(overlay: str) -> None:
    partitions, replicas = SIZE[overlay]
    found = {name: item["spec"] for name, item in of_kind(overlay, "KafkaTopic").items()}
    assert found == {
        name: {"partitions": partitions, "replicas": replicas, "config": topic.settings(replicas)} for name, topic in STANDING.items()
    }


@each_overlay
def test_no_topic_is_named_that_the_registry_does_not_know(overlay: str) -> None:
    named = {match for text in strings(rendered(overlay)) for match in TOPIC.findall(text)}
    partners = {parts[2] for name in named if (parts := name.split("."))[1] == "partners" and len(parts) == 5}
    known = set(STANDING) | {topic.name for partner in partners for topic in topics.of_partner(partner, topics.read_registry())}
    assert named <= known
    assert set(STANDING) <= named


@each_overlay
def test_a_partner_writes_to_its_inbox_and_reads_its_receipts_and_no_more(overlay: str) -> None:
    users = {name: item["spec"] for name, item in of_kind(overlay, "KafkaUser").items() if name.startswith("partner-")}
    assert bool(users) == (overlay == "dev")
    for name, user in users.items():
        partner = name.removeprefix("partner-")
        rights = {acl["resource"]["name"]: set(acl["operations"]) for acl in user["authorization"]["acls"]}
        assert rights == {
            f"madang.partners.{partner}.inbox.v1": {"Describe", "Write"},
            f"madang.partners.{partner}.receipts.v1": {"Describe", "Read"},
            name: {"Read"},
        }


@each_overlay
def test_a_partners_topics_are_as_large_as_the_others(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in madang(environment(overlay, "partners")).items():
        monkeypatch.setenv(name, value)
    read = PartnerSettings.read()
    assert (read.partners_topic_partitions, read.partners_topic_replication) == SIZE[overlay]


@each_overlay
def test_the_broker_keeps_a_write_on_all_replicas_but_one(overlay: str) -> None:
    partitions, replicas = SIZE[overlay]
    config = of_kind(overlay, "Kafka")["madang"]["spec"]["kafka"]["config"]
    assert config["auto.create.topics.enable"] is False
    assert (config["num.partitions"], config["default.replication.factor"]) == (partitions, replicas)
    assert {value for key, value in config.items() if key.endswith("replication.factor")} == {replicas}
    assert {value for key, value in config.items() if key.endswith(("min.isr", "min.insync.replicas"))} == {max(1, replicas - 1)}
    assert of_kind(overlay, "KafkaNodePool")["node"]["spec"]["replicas"] == replicas


@each_overlay
def test_our_processes_reach_the_broker_and_nobody_else_does_without_a_certificate(overlay: str) -> None:
    kafka = of_kind(overlay, "Kafka")["madang"]["spec"]["kafka"]
    for listener in kafka["listeners"]:
        assert listener.get("authentication") or listener["networkPolicyPeers"], listener["name"]
    plain = {listener["port"] for listener in kafka["listeners"] if not listener["tls"]}
    assert environment(overlay, "voices")["MADANG_KAFKA_BOOTSTRAP_SERVERS"] == f"madang-kafka-bootstrap:{plain.pop()}"


def test_projectors_are_scaled_by_the_lag_of_their_own_group() -> None:
    scaled = of_kind("production", "ScaledObject")["agenda-projector"]
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["metadata"]["consumerGroup"] == CONSUMER
    assert scaled["spec"]["maxReplicaCount"] == SIZE["production"][0]
    assert trigger["metadata"]["bootstrapServers"] == f"madang-kafka-bootstrap.{scaled['metadata']['namespace']}.svc:9093"
    user = of_kind("production", "KafkaUser")["kafka-lag"]["spec"]["authorization"]["acls"]
    assert {acl["resource"]["name"]: acl["operations"] for acl in user} == {CONSUMER: ["Describe"], "madang.": ["Describe"]}


# -- PostgreSQL -----------------------------------------------------------------------------------------------------------------------


@each_overlay
def test_databases_and_roles_are_those_of_the_local_stack(overlay: str) -> None:
    names = {database_of(service) for service in SERVICES}
    found = [item["spec"] for item in of_kind(overlay, "Database").values()]
    assert {spec["name"] for spec in found} == names
    assert all(spec["owner"] == spec["name"] for spec in found)
    local = inspect.getsource(databases)
    assert {f"ENCODING '{spec['encoding']}' LOCALE '{spec['locale']}'" for spec in found} <= set(
        re.findall(r"ENCODING '.*' LOCALE '[\w.-]+'", local)
    )
    assert {spec["template"] for spec in found} == {"template0"}
    roles = of_kind(overlay, "Cluster")["postgres"]["spec"]["managed"]["roles"]
    assert {role["name"]: role["passwordSecret"]["name"] for role in roles} == {database_of(name): f"{name}-database" for name in SERVICES}


@each_overlay
def test_the_agenda_finds_its_schema_and_its_extension(overlay: str) -> None:
    spec = of_kind(overlay, "Database")["agenda"]["spec"]
    assert spec["schemas"] == [{"name": "agenda", "owner": "madang_agenda"}]
    assert spec["extensions"] == [{"name": "pg_trgm", "schema": "public"}]
    assert "SET search_path = agenda, public" in inspect.getsource(databases)


@each_overlay
@pytest.mark.parametrize("name", BY_NAME)
def test_a_pod_migrates_its_own_database_before_it_starts(overlay: str, name: str) -> None:
    (first,) = pods(overlay)[name]["initContainers"]
    assert (first["command"], first["args"]) == (["python", "deploy/postgres/migrate.py"], [BY_NAME[name].service])
    shared = container(overlay, name)["env"]
    assert {item["name"] for item in first["env"]} == {"DATABASE_PASSWORD", "MADANG_DATABASE_URL"}
    assert [item for item in shared if item in first["env"]] == first["env"]

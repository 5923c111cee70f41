"""The deployment's files as data: rendered overlays, the compose file, and what the code says of itself."""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import kubernetes_validate
import yaml

from services.kit.settings import PREFIX, Settings
from services.local.processes import PROCESSES, Process

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(__file__).parent / "schemas"
KUBERNETES = "1.37"
OVERLAYS = ("dev", "production")
BY_NAME = {process.name: process for process in PROCESSES}
Manifest = dict[str, Any]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """Every object of an overlay, as `kubectl apply -k` would send it."""
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run([kubectl, "kustomize", ROOT / "k8s" / "overlays" / overlay], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, kind: str) -> dict[str, Manifest]:
    """The objects of a kind, by name."""
    return {item["metadata"]["name"]: item for item in rendered(overlay) if item["kind"] == kind}


def pods(overlay: str) -> dict[str, Manifest]:
    """The pod that each process runs in."""
    return {name: item["spec"]["template"]["spec"] for name, item in of_kind(overlay, "StatefulSet").items()}


def container(overlay: str, process: str) -> Manifest:
    """The process's own container."""
    (found,) = pods(overlay)[process]["containers"]
    return dict(found)


@cache
def compose() -> Manifest:
    """The compose file, its anchors followed."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def check(item: Manifest) -> None:
    """Hold an object against its schema: Kubernetes' own, or ours for an operator's. Raises where there is none."""
    try:
        kubernetes_validate.validate(item, KUBERNETES, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        check_against(item["kind"], item)


def check_against(schema: str, item: Manifest) -> None:
    """Hold data against one of our own schemas."""
    text = (SCHEMAS / f"{schema}.yaml").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(yaml.safe_load(text)).validate(item)


def settings_of(process: Process) -> type[Settings]:
    """What a process reads: its service's own settings, or the common ones."""
    module = f"services.{process.service}.settings"
    if not find_spec(module):
        return Settings
    classes = [item for item in vars(import_module(module)).values() if isinstance(item, type) and issubclass(item, Settings)]
    return next((item for item in classes if item is not Settings), Settings)


def environment(overlay: str, process: str) -> dict[str, str]:
    """What a process's container finds in its environment; a secret or a field of the pod reads as its key."""
    mine = container(overlay, process)
    (source,) = mine["envFrom"]
    found = dict(of_kind(overlay, "ConfigMap")[source["configMapRef"]["name"]]["data"])
    for variable in mine["env"]:
        value = variable.get("value") or next(iter(variable["valueFrom"].values())).get("key", "0")
        found[variable["name"]] = re.sub(r"\$\((\w+)\)", lambda match: found[match[1]], value)
    return found


def madang(variables: dict[str, Any]) -> dict[str, str]:
    """Those that services.kit.settings reads."""
    return {name: str(value) for name, value in variables.items() if name.startswith(PREFIX)}


def strings(data: Any) -> Iterator[str]:
    """Every string in nested data, keys included."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from strings(value)

"""Alerts: of metrics that exist, each with a page that says what to do."""

import re

import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from services.kit import metrics
from tests.unit.deploy.manifests import ROOT

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
RUNBOOKS = ROOT / "deploy" / "runbooks"


def known() -> dict[str, set[str]]:
    """Our metrics as Prometheus sees them, and their labels."""
    ours = [item for item in vars(metrics).values() if isinstance(item, MetricWrapperBase)]
    return {name: set(item._labelnames) for item in ours for name in REGISTRY._collector_to_names[item]}


def test_alerts_are_of_metrics_that_exist() -> None:
    for rule in RULES:
        named = re.findall(r"\b(madang_\w+)(?:\{(\w+)[!=~])?", rule["expr"])
        assert named or re.match(r"up\{", rule["expr"]), rule["alert"]
        for metric, label in named:
            assert metric in known(), f"{rule['alert']}: {metric}"
            assert label in known()[metric] | {""}, f"{rule['alert']}: {metric} has no label {label}"


def test_an_alert_speaks_of_labels_that_its_metric_has() -> None:
    for rule in RULES:
        metric = re.findall(r"\b(madang_\w+)", rule["expr"])
        spoken = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert spoken <= {"instance"} | (known()[metric[0]] if metric else set()), rule["alert"]


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    pages = {str(path.relative_to(ROOT)) for path in RUNBOOKS.glob("*.md") if path.name != "README.md"}
    assert {rule["annotations"]["runbook"] for rule in RULES} == pages


def test_links_between_runbooks_lead_somewhere() -> None:
    for page in RUNBOOKS.glob("*.md"):
        for target in re.findall(r"\]\(([\w-]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (RUNBOOKS / target).exists(), f"{page.name} → {target}"

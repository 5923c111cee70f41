"""Settings from the environment (`MADANG_…`): every error at once, unknown names refused with the nearest known one."""

import difflib
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MADANG_"
# Settings of the local stack's own command, which its processes inherit.
STACK_ONLY = {"MADANG_DATA"}
T = TypeVar("T", bound="Settings")


class Settings(BaseSettings):
    """What every process needs to know."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    profile: Literal["local", "production"] = "local"
    database_url: str
    kafka_bootstrap_servers: str
    listen: str = "127.0.0.1:0"
    metrics_listen: str
    instance: str = "0"
    stack_id: str = ""
    jwks_file: str
    signing_key_file: str
    voices_address: str = ""
    council_address: str = ""
    workshops_address: str = ""
    proposals_address: str = ""
    partners_address: str = ""
    agenda_address: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otlp_endpoint: str = ""

    @classmethod
    def read(cls) -> Self:
        """The settings of this process; exits 78 naming every key that is missing, unknown or wrong."""
        complaints = cls._unknown()
        try:
            settings = cls()  # type: ignore[call-arg]
        except ValidationError as error:
            complaints += [_complaint(item["loc"], item["type"], item["msg"], item.get("input")) for item in error.errors()]
        if complaints:
            sys.stderr.write("\n".join(complaints) + "\n")
            raise SystemExit(78)
        return settings

    @classmethod
    def _unknown(cls) -> list[str]:
        known = {f"{PREFIX}{name.upper()}" for name in every_setting()}
        found = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known | STACK_ONLY)
        return [f"CONFIG_UNKNOWN: {name} is no setting{_nearest(name, known)}" for name in found]


def every_setting() -> set[str]:
    """The names that any process of the platform knows, since all may share one environment: looked up, as no service is imported here."""
    for path in Path(__file__).parents[1].glob("*/settings.py"):
        import_module(f"services.{path.parent.name}.settings")
    classes: list[type[Settings]] = [Settings, *Settings.__subclasses__()]
    return {name for cls in classes for name in cls.model_fields}


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _complaint(location: tuple[int | str, ...], kind: str, message: str, found: object) -> str:
    key = PREFIX + "_".join(str(part) for part in location).upper()
    if kind == "missing":
        return f"CONFIG_MISSING: {key} is not set"
    return f"CONFIG_INVALID: {key} is {found!r}: {message}"

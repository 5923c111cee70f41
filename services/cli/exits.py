"""Exit codes, and the one place where what went wrong becomes one."""

import asyncio
import json
import sys
from enum import IntEnum

import grpc
import typer
from aiokafka.errors import KafkaError

from services.kit.errors import Kind, Refused
from services.kit.grpc_errors import refusal_of
from services.kit.migrations import MigrationFailed
from services.kit.topics import Unsafe
from services.local.errors import Misconfigured, NoStack, NotRunning, StackError


class Exit(IntEnum):
    """What a script sees."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_ALLOWED = 4
    CONFLICT = 5
    UNAVAILABLE = 6
    CONFIGURATION = 78
    STOPPED = 130


KINDS = {
    Kind.INVALID: Exit.FAILED,
    Kind.NOT_FOUND: Exit.NOT_FOUND,
    Kind.NOT_ALLOWED: Exit.NOT_ALLOWED,
    Kind.UNAUTHENTICATED: Exit.NOT_ALLOWED,
    Kind.CONFLICT: Exit.CONFLICT,
    Kind.STATE: Exit.CONFLICT,
    Kind.EXISTS: Exit.CONFLICT,
    Kind.EXHAUSTED: Exit.UNAVAILABLE,
    Kind.UNAVAILABLE: Exit.UNAVAILABLE,
}
STACK = {Misconfigured: Exit.CONFIGURATION, NotRunning: Exit.UNAVAILABLE, NoStack: Exit.NOT_FOUND, StackError: Exit.FAILED}
FORESEEN = (
    typer.TyperException,
    typer.Abort,
    KeyboardInterrupt,
    asyncio.CancelledError,
    StackError,
    MigrationFailed,
    Unsafe,
    Refused,
    grpc.aio.AioRpcError,
    KafkaError,
    OSError,
)


def failed(error: BaseException, *, as_json: bool) -> int:
    """Say on stderr what went wrong, and answer the exit code."""
    if isinstance(error, KeyboardInterrupt | typer.Abort | asyncio.CancelledError):
        return Exit.STOPPED
    if isinstance(error, typer.TyperException):
        return _usage(error)
    code, reason, message, details = _explain(error)
    said = {"error": {"code": reason, "message": message, **details}}
    lines = [f"madang: {message}"] + [f"  {item['field']}: {item['message']} ({item['code']})" for item in details.get("violations", [])]
    sys.stderr.write((json.dumps(said, ensure_ascii=False) if as_json else "\n".join(lines)) + "\n")
    return code


def _usage(error: typer.TyperException) -> int:
    """What typer has to say about an option, with its hint at --help."""
    if show := getattr(error, "show", None):
        show()
    else:
        sys.stderr.write(f"madang: {error.format_message()}\n")
    return error.exit_code


def _explain(error: BaseException) -> tuple[Exit, str, str, dict[str, list[dict[str, str]]]]:
    if isinstance(error, StackError):
        return next(code for kind, code in STACK.items() if isinstance(error, kind)), type(error).__name__.lstrip("_"), str(error), {}
    if isinstance(error, Unsafe):
        return Exit.CONFIGURATION, "CONFIG_UNSAFE", str(error), {}
    if refused := _refusal(error):
        violations = [{"field": item.field, "code": item.code, "message": item.message} for item in refused.violations]
        return KINDS[refused.kind], refused.code, f"{refused.message} ({refused.code})", {"violations": violations} if violations else {}
    return Exit.FAILED, type(error).__name__, str(error) or type(error).__name__, {}


def _refusal(error: BaseException) -> Refused | None:
    """An OSError of our own (a file, a closed pipe) is no refusal of a service."""
    return None if isinstance(error, OSError) else refusal_of(error)

"""The one place where what went wrong becomes a gRPC status (google.rpc.Status with details), and is read back from one."""

import asyncpg
import grpc
import structlog
from aiokafka.errors import KafkaError
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from services.kit.database import is_transient
from services.kit.errors import Kind, Refused, Violation

log = structlog.get_logger()
DOMAIN = "madang.seoul.go.kr"
STATUS = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.NOT_ALLOWED: grpc.StatusCode.PERMISSION_DENIED,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.CONFLICT: grpc.StatusCode.ABORTED,
    Kind.STATE: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Kind.EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}
KINDS = {status: kind for kind, status in STATUS.items()}


def refusal_of(error: BaseException) -> Refused | None:
    """The refusal that an exception amounts to; none for what nobody foresaw."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, grpc.aio.AioRpcError):
        return from_status(error)
    if isinstance(error, asyncpg.DiskFullError):
        return Refused(Kind.EXHAUSTED, "STORAGE_FULL", "the storage is full; reading goes on")
    if is_transient(error) or isinstance(error, KafkaError):
        return Refused(Kind.UNAVAILABLE, "UNAVAILABLE", "the service cannot answer now; try again")
    return None


def ending_of(error: Exception) -> tuple[str, status_pb2.Status]:
    """The code and the status with which a call ends that failed. What nobody foresaw is noted here and told without detail."""
    refused = refusal_of(error)
    if isinstance(error, TimeoutError) or refused is None:
        late = isinstance(error, TimeoutError)
        code, said = ("DEADLINE_EXCEEDED", "the call took too long") if late else ("INTERNAL", "something went wrong; it was noted")
        log.error("a call failed", code=code, exc_info=error)
        return code, status_pb2.Status(code=grpc.StatusCode[code].value[0], message=said)
    log.info("refused", code=refused.code, kind=refused.kind.value)
    return refused.code, to_status(refused)


def to_status(refused: Refused) -> status_pb2.Status:
    """A refusal as a status with its details."""
    details = [error_details_pb2.ErrorInfo(reason=refused.code, domain=DOMAIN, metadata=refused.details)]
    packed = [_packed(detail) for detail in details]
    if refused.violations:
        items = [
            error_details_pb2.BadRequest.FieldViolation(field=item.field, description=item.message, reason=item.code)
            for item in refused.violations
        ]
        packed.append(_packed(error_details_pb2.BadRequest(field_violations=items)))
    if refused.kind in {Kind.UNAVAILABLE, Kind.EXHAUSTED}:
        packed.append(_packed(error_details_pb2.RetryInfo(retry_delay=Duration(seconds=1))))
    return status_pb2.Status(code=STATUS[refused.kind].value[0], message=refused.message, details=packed)


def from_status(error: grpc.RpcError) -> Refused | None:
    """The refusal that another service answered; none where it answered something that is no refusal."""
    code = error.code()
    message = error.details() or ""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Refused(Kind.UNAVAILABLE, "DEADLINE_EXCEEDED", message)
    if code not in KINDS:
        return None
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details if status else ():
        detail.Unpack(info) or detail.Unpack(bad)
    violations = [Violation(item.field, item.reason, item.description) for item in bad.field_violations]
    return Refused(KINDS[code], info.reason or code.name, message, violations=violations, details=dict(info.metadata))


def _packed(detail: error_details_pb2.ErrorInfo) -> AnyMessage:
    message = AnyMessage()
    message.Pack(detail)
    return message

"""Who may call which method, read from the protos; what has no policy is not served."""

from dataclasses import dataclass

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from madang.options.v1 import options_pb2
from services.kit.actor import Actor, Role, Scope
from services.kit.errors import not_allowed


@dataclass(frozen=True, slots=True)
class Policy:
    """The roles of one method, and what a bound role's object is compared with."""

    roles: frozenset[Role]
    bound_to: Scope | None


def policy_of(method: MethodDescriptor) -> Policy:
    """The policy in a method's options. Raises TypeError where it has none: then the process does not start."""
    option = method.GetOptions().Extensions[options_pb2.policy]
    if not option.roles:
        raise TypeError(f"{method.full_name} has no policy")
    names = {options_pb2.Role.Name(number).removeprefix("ROLE_").lower() for number in option.roles}
    bound = options_pb2.Scope.Name(option.object).removeprefix("SCOPE_").lower()
    return Policy(frozenset(Role(name) for name in names), Scope(bound) if option.object else None)


def may_call(actor: Actor, method: MethodDescriptor) -> bool:
    """Whether a method is open to the caller's role."""
    return actor.role in policy_of(method).roles


class Policies:
    """The policies of every service that a process serves."""

    def __init__(self, *services: ServiceDescriptor) -> None:
        self.methods = {f"/{service.full_name}/{method.name}": method for service in services for method in service.methods}
        self._policies = {path: policy_of(method) for path, method in self.methods.items()}

    def check(self, path: str, actor: Actor) -> Policy:
        """The method's policy. Raises Refused: NOT_ALLOWED where the caller's role is not in it."""
        policy = self._policies[path]
        if actor.role not in policy.roles:
            raise not_allowed(f"{actor.role} may not call {path.rpartition('/')[2]}")
        return policy

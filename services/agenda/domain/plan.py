"""Plans: how a task is named, and what stands above it."""


def plan_tags(reference: str) -> tuple[str, ...]:
    """The tags of an item that serves a task such as `hr2013/1.2.3.4`: the task's own, and one for each part of the plan above it."""
    plan, _, code = reference.partition("/")
    parts = code.split(".")
    return tuple(f"plan:{plan}/{'.'.join(parts[:length])}" for length in range(1, len(parts) + 1))

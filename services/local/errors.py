"""What the local stack says when it cannot go on: always with the repair."""


class StackError(Exception):
    """The stack cannot do what was asked; `repair` says what helps."""

    def __init__(self, message: str, repair: str) -> None:
        super().__init__(f"{message}; {repair}")
        self.message, self.repair = message, repair


class Misconfigured(StackError):  # noqa: N818 - it reads as a sentence
    """Something on this machine or in the environment must be changed first (exit 78)."""


class NotRunning(StackError):  # noqa: N818 - it reads as a sentence
    """The stack, or the part asked for, is down (exit 6)."""


class NoStack(StackError):  # noqa: N818 - it reads as a sentence
    """There is no stack in this folder (exit 3)."""

"""What officers can do with themes."""

from services.agenda.domain.theme import Theme
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.write import Target, Write, Written


class Themes:
    """The use cases. (That a theme emerges is the themes process's: `themes.judge`.)"""

    def __init__(self, themes: Write[Theme], clock: Clock) -> None:
        self._themes, self._clock = themes, clock

    async def dismiss(self, call: Call, target: Target, reason: str) -> Written:
        """Say that a theme is none."""
        return await self._themes.change(call, target.id, target.etag, lambda theme: theme.dismiss(reason, at=self._clock.now()))

"""Questions about councils and what belongs to them, answered from rows."""

from services.council.queries.council import CouncilQuestions
from services.council.queries.meeting import MeetingQuestions
from services.council.queries.minutes import MinutesQuestions
from services.council.queries.outcome import OutcomeQuestions


class CouncilQueries(CouncilQuestions, MeetingQuestions, MinutesQuestions, OutcomeQuestions):
    """All of the questions."""

"""Results of German councils, in free words, as our vocabulary (docs/import-oparl.md says why)."""

import re

from madang.council.v1 import agenda_item_pb2

# The first rule whose pattern stands in the folded text wins, so that the more special ones come first.
RULES = [
    (re.compile(pattern), result)
    for pattern, result in [
        (r"zurückgezogen|zurückgenommen|abgesetzt", agenda_item_pb2.ITEM_RESULT_WITHDRAWN),
        (r"vertagt|verwiesen|verweisung|zurückgestellt|vorberaten|weiterbehandlung|beratung im", agenda_item_pb2.ITEM_RESULT_DEFERRED),
        # "ungeändert beschlossen" is adopted as put.
        (r"teilweise|(?<!un)geändert|modifi|mit änderungen|ergänzter", agenda_item_pb2.ITEM_RESULT_ADOPTED_AMENDED),
        (
            r"abgelehnt|ablehnung|nicht (zugestimmt|beschlossen|angenommen)|keine (zustimmung|mehrheit)",
            agenda_item_pb2.ITEM_RESULT_REJECTED,
        ),
        # Agreeing with the administration's statement settles a motion without adopting it.
        (r"stellungnahme|erledigt|keine abstimmung|nicht zur abstimmung|keine mitteilung", agenda_item_pb2.ITEM_RESULT_NOTED),
        (
            r"beschlossen|zugestimmt|zustimmung|einverstanden|angenommen|genehmigt|gewählt|übernommen|empfohlen",
            agenda_item_pb2.ITEM_RESULT_ADOPTED,
        ),
        (r"kenntnis|beantwortet|^keine$", agenda_item_pb2.ITEM_RESULT_NOTED),
    ]
]


def result_of(text: str) -> agenda_item_pb2.ItemResult.ValueType | None:
    """Our result for a text, none for one that no rule knows."""
    folded = text.strip().casefold()
    return next((result for pattern, result in RULES if pattern.search(folded)), None)

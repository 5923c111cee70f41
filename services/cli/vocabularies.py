"""`madang vocabularies`: what codes are called. `list` comes from the protos."""

from typing import Annotated

import typer

from madang.agenda.v1 import vocabulary_pb2 as pb
from services.cli.messages import as_plain
from services.cli.methods import asked
from services.cli.output import answer, table

app = typer.Typer(help="What the platform's codes are called, in four languages.", no_args_is_help=True)
LANGUAGES = ("ko", "en", "zh", "vi")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A vocabulary, as `list` shows it, such as represented_group")],
    language: Annotated[str, typer.Option(help="In one language only: ko, en, zh or vi")] = "",
) -> None:
    """One vocabulary: its codes in their order, and what each is called."""
    if language and language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LANGUAGES)}", param_hint="--language")
    found = as_plain(asked("agenda", "GetVocabulary", pb.GetVocabularyRequest(name=name)))
    shown = (language,) if language else LANGUAGES
    for item in (found, *found["codes"]):
        item["label"] = {code: item["label"][code] for code in shown}
    answer(found, lambda: table(("code", *shown), [(item["code"], *item["label"].values()) for item in found["codes"]]))

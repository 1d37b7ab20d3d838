"""The case studies of the story: six, one of which says that there is no outcome yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from django.utils.html import escape

from cms import actions as cms
from cms.demo.stage import TEXTS, Stage
from fellowships.models import Cycle

TOLD_ON = date(2026, 11, 21)  # the day from which the texts look back


def publish(stage: Stage, cycles: Mapping[str, Cycle]) -> None:
    """Each on its day, told of its cycle and of what is on record of that. cycles: by the ids of the texts."""
    found = [_read(path.read_text()) for path in sorted((TEXTS / "stories").glob("*.md"))]
    for facts, parts in sorted(found, key=lambda story: story[0]["published"]):
        cycle = cycles[facts["cycle"]]
        organisations = [stage.organisations[key] for key in (facts["host"], *facts["partners"])]
        with stage.on(_moved(stage, facts["published"])):
            cms.publish_story(
                facts={
                    "title": facts["title"],
                    "summary": facts["summary"],
                    "partners": ", ".join(each.name for each in organisations),
                    "level": facts["level"],
                    "cycle": cycle,
                    "problem": _paragraphs(parts["The problem"]),
                    "how_we_worked": _paragraphs(parts["How we worked"]),
                    "what_we_built": _paragraphs(parts["What we built"]),
                    "challenges": _paragraphs(parts["What did not work"]),
                    "followed": _followed(parts),
                    **_outcome(stage, facts["outcome"]),
                },
                agencies=organisations,
                records=[cycle],
                by=stage.cora,
            )


def _read(source: str) -> tuple[dict[str, Any], dict[str, str]]:
    """(What stands at its head, {heading: text})."""
    head, body = source.split("---\n", 2)[1:]
    parts = (part.split("\n", 1) for part in body.split("## ")[1:])
    return yaml.safe_load(head), {title.strip(): text for title, text in parts}


def _moved(stage: Stage, day: date) -> date:
    """A day of the texts, as far back from today as it is in them."""
    return stage.today - (TOLD_ON - day)


def _followed(parts: Mapping[str, str]) -> str:
    told = "<h3>What we would tell others</h3>" + _paragraphs(parts["What we would tell others"])
    return _paragraphs(parts["What came of it"]) + told


def _outcome(stage: Stage, outcome: Mapping[str, Any]) -> dict[str, Any]:
    if outcome["kind"] != "figure":
        return {"no_outcome_yet": True}
    return {
        "outcome": f"{outcome['before']} → {outcome['after']}",
        "outcome_label": outcome["label"],
        "outcome_date": _moved(stage, outcome["date"]),
        "outcome_source": outcome["source"],
    }


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(' '.join(lines.split()))}</p>" for lines in text.strip().split("\n\n"))

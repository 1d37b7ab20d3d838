"""The case studies of the story: six, one of which says that there is no outcome yet."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.rich_text import RichText

from cms import actions as cms
from cms.demo.stage import TEXTS, Stage
from cms.models import CaseStudyPage
from fellowships.models import Cycle
from partnerships.models import Output

TOLD_ON = date(2026, 11, 21)  # the day from which the texts look back
# What became of outputs of the hackathon, shown live on the page of the body that owns them.
OUTPUTS = {"cs-water-notices": ("Leak card", "Rules for a same-day notice")}


def publish(stage: Stage, cycles: Mapping[str, Cycle]) -> None:
    """Each on its day, told of its cycle and of what is on record. cycles: by the ids of the texts."""
    read = [_read(path) for path in sorted((TEXTS / "case-studies").glob("*.md"))]
    for facts, parts in sorted(read, key=lambda story: story[0]["published"]):
        cycle = cycles[facts["cycle"]]
        outputs = Output.objects.filter(title__in=OUTPUTS.get(facts["id"], ())).order_by("pk")
        with stage.on(_moved(stage, facts["published"])):
            _tell(stage, facts, parts, cycle, [cycle, *outputs])


def _read(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """(What stands at its head, {heading: its paragraphs})."""
    head, body = path.read_text().split("---\n", 2)[1:]
    parts = (part.split("\n", 1) for part in body.split("## ")[1:])
    return yaml.safe_load(head), {title.strip(): _paragraphs(text) for title, text in parts}


def _tell(
    stage: Stage, facts: Mapping[str, Any], parts: Mapping[str, str], cycle: Cycle, records: Iterable[Any]
) -> CaseStudyPage:
    involved = [stage.organisations[key] for key in [facts["host"], *facts["partners"]]]
    given = "".join(
        f"<li>{escape(stage.organisations[each['organisation']].name)}: {escape(each['what'])}</li>"
        for each in facts["contributions"]
    )
    return cms.publish_story(
        facts={
            "title": facts["title"],
            "summary": facts["summary"],
            "partners": ", ".join(organisation.name for organisation in involved),
            "level": facts["level"],
            "cycle": cycle,
            "problem": parts["The problem"],
            "how_we_worked": parts["How we worked"],
            "what_we_built": parts["What we built"],
            "challenges": parts["What did not work"],
            "followed": parts["What came of it"],
            "more": [
                ("heading", _("What we would tell others")),
                ("paragraph", RichText(parts["What we would tell others"])),
                ("heading", _("What each side gave")),
                ("paragraph", RichText(f"<ul>{given}</ul>")),
            ],
            **_outcome(stage, facts.get("outcome")),
        },
        agencies=involved,
        records=records,
        by=stage.cora,
    )


def _moved(stage: Stage, day: date) -> date:
    """A day of the texts, as far back from today as it is in them."""
    return stage.today - (TOLD_ON - day)


def _outcome(stage: Stage, figure: Mapping[str, Any] | None) -> dict[str, Any]:
    if figure is None:
        return {"no_outcome_yet": True}
    return {
        "outcome": figure["figure"],
        "outcome_unit": figure["unit"],
        "outcome_label": figure["label"],
        "outcome_date": _moved(stage, figure["date"]),
        "outcome_source": figure["source"],
    }


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(' '.join(lines.split()))}</p>" for lines in text.strip().split("\n\n"))

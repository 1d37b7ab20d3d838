"""What a case study picks of the register: the organisations that were involved, records that it shows live, and what keeps it
from being read when one of them is sensitive."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from accounts.models import Person
from cms import kinds
from cms.blocks import CHOOSERS, RECORDS
from cms.kinds import fold
from fellowships.models import Cycle, Fellow, Placement
from mou.models import Agreement
from partnerships.models import Organisation, Output

Key = tuple[str, int]  # the kind of a record, as in RECORDS, and its key
Called = dict[str, list[tuple[str, str]]]  # {first word: (folded, as on record) of the names that begin with it}


class CaseStudyAgency(Orderable):
    """An organisation of the register that was involved: where it is found, whatever the page calls it."""

    page = ParentalKey("cms.CaseStudyPage", on_delete=models.CASCADE, related_name="agencies")
    organisation = models.ForeignKey(Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+")

    panels: ClassVar[list[Any]] = [FieldPanel("organisation", widget=CHOOSERS["organisation"])]

    class Meta(Orderable.Meta):
        default_permissions = ()
        verbose_name = _("organisation")


def _one_of(names: Iterable[str]) -> Q:
    """Exactly one of these columns holds something."""
    known, found = list(names), Q()
    for here in known:
        found |= Q(**{f"{name}__isnull": name != here for name in known})
    return found


class CaseStudyRecord(Orderable):
    """One record of which the page tells: a cycle, placement, agreement or hackathon output. What it shows is never copied."""

    page = ParentalKey("cms.CaseStudyPage", on_delete=models.CASCADE, related_name="records")
    cycle = models.ForeignKey(Cycle, verbose_name=_("cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    output = models.ForeignKey(
        Output, verbose_name=_("hackathon output"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel(name, widget=CHOOSERS[name]) for name in RECORDS])]
    personal = kinds.STORY_RECORD

    class Meta(Orderable.Meta):
        default_permissions = ()
        verbose_name = _("record")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="story_record_is_one",
                condition=_one_of(RECORDS),
                violation_error_message=_("Choose one record here. Add another line for another record."),
            )
        ]

    @property
    def key(self) -> Key:
        return next((kind, key) for kind in RECORDS if (key := getattr(self, f"{kind}_id")) is not None)


@dataclass(frozen=True)
class Told:
    """A record as a page shows it: read at this moment, and public."""

    kind: str
    record: Any
    word: str = ""  # its state, with the tone and the sign that go with it
    tone: str = ""
    sign: str = ""


def _cycles(keys: list[int]) -> Any:
    return Cycle.objects.published().filter(pk__in=keys).select_related("programme").with_hosts()


def _placements(keys: list[int]) -> Any:
    told = Person.objects.agreeing("case_study").values("pk")
    return Placement.objects.published().filter(pk__in=keys, fellow__person__in=told).with_words()


def _agreements(keys: list[int]) -> Any:
    return Agreement.objects.published().filter(pk__in=keys).with_duty_counts(timezone.localdate()).with_parties()


def _outputs(keys: list[int]) -> Any:
    return Output.objects.published().filter(pk__in=keys).with_present()


READERS: dict[str, Callable[[list[int]], Any]] = {
    "cycle": _cycles,
    "placement": _placements,
    "agreement": _agreements,
    "output": _outputs,
}


def read(keys: Iterable[Key]) -> dict[Key, Told]:
    """What of these is public, as it is now. As many queries as there are kinds among them."""
    wanted: dict[str, list[int]] = {}
    for kind, key in keys:
        wanted.setdefault(kind, []).append(key)
    return {(kind, row.pk): _told(kind, row) for kind, keys in wanted.items() for row in READERS[kind](keys)}


def _told(kind: str, row: Any) -> Told:
    if isinstance(row, Placement):
        # As its page says it, but for what its agreement lacks: that is between the two sides.
        return Told(kind, row, *row.outlook(covered=True))
    if isinstance(row, Agreement):
        return Told(kind, row, row.get_state_display(), row.tone, row.sign)
    if isinstance(row, Output):
        return Told(kind, row, row.outcome_label, row.tone, row.sign)
    return Told(kind, row)


# What may stand on no public page, and the case studies that it takes with it.


@dataclass(frozen=True)
class KeptBack:
    """What no public page may tell of at this moment: organisations and people that are sensitive, and records of such.

    `organisations`: {key: name}; `names`: (folded, as on record), the former names of an organisation among them.
    """

    organisations: dict[int, str]
    names: list[tuple[str, str]]
    records: frozenset[Key]
    untold: Called  # fellows who do not agree that a case study tells of them
    unseen: Called  # who do not agree to photos

    def __bool__(self) -> bool:
        return bool(self.names or self.untold or self.unseen)

    def reasons(self, words: str, organisations: Iterable[int], records: Iterable[Key], pictures: str = "") -> list[str]:
        """Why a page stays off, one sentence each. `words`: folded, as all keeps them; a name counts as whole words alone.
        `pictures`: the words of its pictures, folded as well: they say whom one shows."""
        tied = [self.organisations[key] for key in organisations if key in self.organisations] if self.organisations else []
        named = [name for folded, name in self.names if re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", words)]
        found = [_t("%(name)s is involved, and is sensitive.") % {"name": name} for name in dict.fromkeys(tied)]
        found += [_t("It names %(name)s: sensitive.") % {"name": name} for name in dict.fromkeys(named) if name not in tied]
        if self.records and self.records.intersection(records):
            found.append(_t("It picks a record of an organisation that is sensitive."))
        for name in _among(self.untold, words):
            found.append(_t("It names %(name)s, who does not agree to case studies that tell of them.") % {"name": name})
        for name in _among(self.unseen, pictures):
            found.append(_t("A picture shows %(name)s, who does not agree to photos.") % {"name": name})
        return found


def _among(called: Called, words: str) -> list[str]:
    """Those of these who are named. A name is looked for where its first word stands: there may be thousands of fellows."""
    there = set(re.findall(r"\w+", words))
    found = [each for word in there & called.keys() for each in called[word]]
    return sorted({name for folded, name in found if re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", words)})


def _called(names: Iterable[str]) -> Called:
    found: Called = {}
    for name in names:
        folded = fold(name)
        if len(folded) >= SHORTEST and (first := re.search(r"\w+", folded)):
            found.setdefault(first[0], []).append((folded, name))
    return found


def pictured(page: Any) -> str:
    """What the words of its pictures say, folded."""
    blocks = [block.value for block in page.more if block.block_type == "picture"]
    said = [page.picture_alt, *(f"{value.get('alt') or ''} {value.get('caption') or ''}" for value in blocks)]
    return fold(" ".join(said))


def kept_back() -> KeptBack:
    """Read from the register: two queries while nothing is sensitive, three more when something is."""
    organisations = Organisation.objects.names_kept_back()
    people = _people()
    names = [(name, name) for name, sensitive, _told, _seen in people if sensitive]
    names += [(name, called[0]) for _key, called in organisations for name in called]
    records = frozenset(_records_of([key for key, _called in organisations])) if organisations else frozenset()
    return KeptBack(
        organisations={key: called[0] for key, called in organisations},
        names=[(folded, name) for said, name in names if len(folded := fold(said)) >= SHORTEST],
        records=records,
        untold=_called(name for name, sensitive, told, _seen in people if not (sensitive or told)),
        unseen=_called(name for name, sensitive, _told, seen in people if not (sensitive or seen)),
    )


def _people() -> list[tuple[str, bool, bool, bool]]:
    """(name, sensitive, agrees to case studies, agrees to photos) of who is sensitive and of fellows who do not agree to both."""
    agree = {item: Exists(Person.objects.agreeing(item).filter(pk=OuterRef("pk"))) for item in ("case_study", "photo")}
    fellows = Q(pk__in=Fellow.objects.order_by().values("person"), erased_at=None)
    rows = Person.objects.annotate(told=agree["case_study"], seen=agree["photo"])
    rows = rows.filter(Q(sensitive=True) | fellows & (Q(told=False) | Q(seen=False)))
    return list(rows.order_by("pk").values_list("name", "sensitive", "told", "seen"))


SHORTEST = 3  # two letters are a word of some language, or the code of a country


def _records_of(organisations: list[int]) -> Iterable[Key]:
    """The records that name one of these: a cycle leaves it out and names it nowhere."""
    where = {
        Placement: Q(host__organisation__in=organisations),
        Agreement: Q(party__organisation__in=organisations),
        Output: Q(agency__in=organisations) | Q(hackathon__organiser__in=organisations),
    }
    for kind, model in RECORDS.items():
        if model in where:
            yield from (
                (kind, key) for key in model._default_manager.filter(where[model]).order_by().values_list("pk", flat=True)
            )

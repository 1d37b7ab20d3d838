"""Which case studies are read, found and counted: the queries, and the years and cycle that a list knows a story by."""

from typing import Any, Self

from django.db.models import Q
from wagtail.query import PageQuerySet

from cms.kinds import fold
from cms.models.casestudyrecord import CaseStudyAgency, CaseStudyRecord, kept_back
from fellowships.models import Cycle

NAMES = [f"organisation__{name}" for name in ("name", "short_name", "presented_as")]


class PublicPages(PageQuerySet):
    """Reading pages."""

    def published(self) -> Self:
        return self.live().public()


class CaseStudyQuerySet(PublicPages):
    """Reading case studies."""

    def published(self) -> Self:
        """Published, and not kept back because of somebody who is sensitive."""
        return super().published().exclude(pk__in=list(self.kept_back()))

    def kept_back(self) -> dict[int, list[str]]:
        """{key: why nobody may read it} of those that are published and tell of what is sensitive."""
        kept = kept_back()
        if not kept:
            return {}
        rows = self.live().order_by().prefetch_related("agencies", "records")
        return {page.pk: why for page in rows if (why := page.why_kept_back(kept))}

    def newest(self) -> Self:
        """With the cycle each tells of, the newest first."""
        return self.select_related("cycle__programme", "picture").order_by("-first_published_at", "-pk")

    def with_agencies(self) -> Self:
        """With the organisations that were involved."""
        return self.prefetch_related("agencies__organisation")

    def matching(self, words: str) -> Self:
        """Every word occurs in what the page says, in the name of an organisation involved, or of the cycle, if that is public.

        Accents and capitals count for nothing, on every database: a page keeps its words folded, names are folded here.
        """
        among = self.order_by()
        agencies = CaseStudyAgency.objects.filter(page__in=among.values("pk")).values_list("organisation", *NAMES)
        cycles = Cycle.objects.published().filter(pk__in=among.values("cycle")).values_list("pk", "name", "programme__name")
        named = [(key, fold(" ".join(names))) for key, *names in agencies.distinct()] if words.split() else []
        told = [(key, fold(f"{name} {programme}")) for key, name, programme in cycles] if words.split() else []
        found = self
        for word in fold(words).split()[:8]:
            there = CaseStudyAgency.objects.filter(organisation__in=[key for key, name in named if word in name])
            found = found.filter(
                Q(words__contains=word)
                | Q(pk__in=there.values("page"))
                | Q(cycle__in=[key for key, name in told if word in name])
            )
        return found

    def telling_of(self, record: Any) -> Self:
        """Those that pick a record, or have it as their cycle."""
        kind = record._meta.model_name
        picked = Q(pk__in=CaseStudyRecord.objects.filter(**{kind: record.pk}).values("page"))
        return self.filter(picked | Q(cycle=record.pk) if kind == "cycle" else picked)

    def of_agency(self, organisation: str) -> Self:
        """Those in which an organisation was involved, by its ref."""
        return self.filter(pk__in=CaseStudyAgency.objects.filter(organisation__ref=organisation).values("page"))

    def agencies(self) -> list[tuple[str, str]]:
        """(ref, name) of every organisation involved in one of these, by name: the choices of a filter."""
        rows = CaseStudyAgency.objects.filter(page__in=self.order_by().values("pk"))
        names = rows.values_list("organisation__ref", *NAMES).distinct()
        called = [(ref, presented or short or name) for ref, name, short, presented in names]
        return sorted(called, key=lambda row: (row[1].casefold(), row[0]))

    def cycles(self) -> list[tuple[str, str]]:
        """(ref, "cycle, programme") of the public cycles that these tell of, the latest first."""
        cycles = Cycle.objects.published().filter(pk__in=self.order_by().values("cycle")).select_related("programme")
        return [(cycle.ref, whole_name(cycle)) for cycle in cycles.order_by("-year", "-starts", "name", "pk")]

    def of_year(self, year: int) -> Self:
        """Those whose work fell into a year."""
        return self.filter(pk__in=[key for key, years in self._years() if year in years])

    def years(self) -> list[int]:
        """The years of the work these tell of, the latest first: the choices of a filter."""
        return sorted({year for _key, years in self._years() for year in years}, reverse=True)

    def _years(self) -> list[tuple[int, range]]:
        rows = self.order_by().select_related("cycle").only("year", "cycle")
        return [(row.pk, years_of(row.told_of, row.year)) for row in rows]


def years_of(cycle: Cycle | None, given: int | None) -> range:
    """The years of the work: those of the cycle, if it has any, else the one that was given. Empty where nobody said."""
    first = (cycle.starts.year if cycle.starts else cycle.year) if cycle else None
    first = first or given
    last = cycle.ends.year if cycle and cycle.starts and cycle.ends else first
    return range(first, last + 1) if first and last else range(0)


def whole_name(cycle: Cycle) -> str:
    """Two programmes may call a cycle the same."""
    return f"{cycle.name}, {cycle.programme.name}"

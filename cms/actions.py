"""Case studies that are begun and published, and what follows when Wagtail has changed what the public reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from accounts.models import User
from cms import rules
from cms.models import CaseStudyAgency, CaseStudyIndexPage, CaseStudyPage, CaseStudyRecord, whole_name
from core import access, audit, public
from core.access import Actor, published
from core.action import action, lock
from fellowships.models import Cycle, Host, Placement
from partnerships.models import Organisation, Output


@action
def page_published(*, page: Page, by: Actor) -> None:
    """Everybody reads it at the next request."""
    audit.record("page.published", page, by=by, title=page.title)
    public.touch()


@action
def page_unpublished(*, page: Page, by: Actor) -> None:
    """It is gone at the next request."""
    audit.record("page.unpublished", page, by=by, title=page.title)
    public.touch()


@action
def page_moved(*, page: Page, by: Actor) -> None:
    """It has another address, or another place among its neighbours."""
    audit.record("page.moved", page, by=by, title=page.title)
    public.touch()


@action
def page_deleted(*, page: Page, by: Actor) -> None:
    """It is gone for good; the chain keeps its title."""
    audit.record("page.deleted", page, by=by, title=page.title)
    public.touch()


@action
def publish_story(
    *, facts: Mapping[str, Any], agencies: Iterable[Organisation] = (), records: Iterable[Any] = (), by: Actor
) -> CaseStudyPage:
    """Write a case study and publish it. `facts` are fields of CaseStudyPage, `records` rows of the models in RECORDS.

    Raises ValidationError when it lacks what every case study has, or when there is no list to put it in.
    """
    access.require(rules.edit_pages, by)
    index = CaseStudyIndexPage.shown()
    if index is None:
        raise ValidationError(_("Publish the list of case studies first: every case study stands in it."))
    story = _add(index, facts, agencies, records)
    story.save_revision().publish()
    story.refresh_from_db()
    return story


def _add(
    index: CaseStudyIndexPage, facts: Mapping[str, Any], agencies: Iterable[Organisation], records: Iterable[Any]
) -> CaseStudyPage:
    page = CaseStudyPage(live=False, **facts)
    page.agencies = [CaseStudyAgency(organisation=organisation) for organisation in agencies]
    page.records = [CaseStudyRecord(**{record._meta.model_name: record}) for record in records]
    story: CaseStudyPage = index.add_child(instance=page)
    return story


@action
def draft_story(*, record: Any, by: Actor) -> tuple[CaseStudyPage, bool]:
    """(The case study that was begun from a record, whether it is new): the draft there is, or a new one.

    It has what is public of the record: a title, the partners, the organisations, the cycle or the year, and the record. The
    level and all else is left to who writes it. Nobody is named in it. Raises PermissionDenied with the reason.
    """
    access.require(rules.draft_story, by, record)
    index = CaseStudyIndexPage.shown()
    assert index is not None  # the rule has asked
    lock(index)  # two clicks at once begin one
    if (begun := rules.draft_of(record)) is not None:
        return begun, False
    title, cycle, organisations = _told(record)
    partners = [organisation.name for organisation in organisations]
    facts = {
        "title": title[:200],
        "partners": _few(partners, 200),
        "cycle": cycle,
        "year": None if cycle else _year(record),
        "owner": by if isinstance(by, User) else None,
    }
    story = _add(index, facts, organisations, [record])
    story.save_revision(user=facts["owner"], clean=False)
    audit.record("page.drafted", story, by=by, title=story.title, source=record.ref)
    return story, True


def _told(record: Any) -> tuple[str, Cycle | None, list[Organisation]]:
    """(A title to begin with, the cycle if it is public, who was involved as everybody may know)."""
    if isinstance(record, Cycle):
        hosts = published(Host).filter(cycle=record).select_related("organisation")
        return whole_name(record), record, _once([*(host.organisation for host in hosts), record.programme.organisation])
    if isinstance(record, Placement):
        host = record.host
        work = record.project.title if record.project else _("Work at %(host)s") % {"host": host.organisation}
        return work, host.cycle, _once([host.organisation, host.cycle.programme.organisation])
    if isinstance(record, Output):
        return record.title, None, _once([record.agency, record.hackathon.organiser])
    return record.title, None, _once([party.organisation for party in record.parties()])


def _year(record: Any) -> int | None:
    """The first year of a record that belongs to no cycle."""
    starts = record.hackathon.starts if isinstance(record, Output) else record.starts
    return starts.year if starts else None


def _once(organisations: Iterable[Organisation | None]) -> list[Organisation]:
    """Each once, and only those of whom something is public."""
    found = dict.fromkeys(each for each in organisations if each is not None)
    known = set(published(Organisation).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    return [each for each in found if each.pk in known]


def _few(names: list[str], longest: int) -> str:
    """As many as fit, the first first, and how many more there are."""
    shown = list(names)
    while shown:
        left = len(names) - len(shown)
        text = ", ".join(shown) + (ngettext(" and %(n)s other", " and %(n)s others", left) % {"n": left} if left else "")
        if len(text) <= longest:
            return text
        shown.pop()
    return ""

"""Where the case studies lie: the title and lead of their list."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageManager

from cms.kinds import few_words
from cms.models.casestudypage import READING, CaseStudyPage, PublicPages


class CaseStudyIndexPage(Page):
    """The title and lead of the list of case studies, and where they lie. The list itself is a page of ours: cms/views."""

    lead = models.TextField(_("lead"), blank=True, validators=[few_words])

    objects: ClassVar[Any] = PageManager.from_queryset(PublicPages)()

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = ["cms.CaseStudyPage"]
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    allowed_http_methods = READING
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        default_permissions = ()
        verbose_name = _("list of case studies")

    @classmethod
    def shown(cls) -> "CaseStudyIndexPage | None":
        """The one there is, if it is published."""
        found: CaseStudyIndexPage | None = cls.objects.published().first()
        return found

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reached only when its address was changed."""
        return redirect("case_study_list")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """As it would look, without filters."""
        stories = CaseStudyPage.objects.published().newest()
        return TemplateResponse(
            request, "cms/case_study_list.html", {"index": self, "page": stories[:12], "count": stories.count()}
        )

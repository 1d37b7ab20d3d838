"""A fresh installation has a first page and a list of case studies before anybody wrote anything."""

import json
import uuid

from django.db import migrations
from django.utils import timezone

STOCK = "Welcome to your new Wagtail site!"
HEADLINE = "What public bodies and civic technologists promised each other, and what came of it."
LEAD = (
    "Public bodies take in people who know technology, design and data, for a year. Before anybody starts, both sides sign "
    "what they owe each other. Agreements, cycles and results are on record here, including the ones that did not work."
)
POINTS = [
    (
        "Both sides owe something",
        "Each agreement says who does what for whom by which day, and how that is shown. "
        "Where one side only receives, there is no agreement.",
    ),
    (
        "Nobody starts on a promise",
        "A placement begins when a signed agreement covers its days. "
        "Who was replaced, who left and what ended early stays on record.",
    ),
    (
        "What failed is told as well",
        "No case study is published without something that did not work. "
        "A figure carries its day and its source, or the page says that there is none yet.",
    ),
]
STEPS = [
    ("Problems", "Hosts describe who has the problem and how they know."),
    ("Agreements", "Both sides sign their duties. This takes weeks."),
    ("Placement", "Fellows work inside the host, next to those who carry on."),
    ("Handover", "Named people take over, one part after the other."),
    ("Follow-up", "Months later somebody asks what is still in use."),
]
ASIDE = (
    "<p>Are you a host, a fellow, a reviewer or a signatory? Sign in to see what waits for you and what is promised to you. "
    "Your coordinator has entered your e-mail address.</p>"
)
STORIES_LEAD = (
    "How people in public bodies and outside them worked together, what they built, what did not work, and what came of it."
)


def points(rows):
    """Rows of (words, text) as a stream field stores them."""
    return json.dumps(
        [{"type": "point", "value": {"title": title, "text": text}, "id": str(uuid.uuid4())} for title, text in rows]
    )


def make(apps, schema_editor):
    """In place of Wagtail's welcome; not where somebody has already put pages of their own."""
    Page, Site = apps.get_model("wagtailcore", "Page"), apps.get_model("wagtailcore", "Site")
    ContentType, Locale = apps.get_model("contenttypes", "ContentType"), apps.get_model("wagtailcore", "Locale")
    HomePage, CaseStudyIndexPage = apps.get_model("cms", "HomePage"), apps.get_model("cms", "CaseStudyIndexPage")
    top = Page.objects.filter(depth=2)
    if top.exclude(title=STOCK, numchild=0).exists():
        return
    top.delete()  # takes the Site along that points to it
    locale = Locale.objects.first() or Locale.objects.create(language_code="en")
    now = timezone.now()
    dates = {"first_published_at": now, "last_published_at": now, "latest_revision_created_at": now}
    home = HomePage.objects.create(
        title="Home",
        draft_title="Home",
        slug="home",
        seo_title="What was promised, and what came of it",
        search_description=LEAD,
        content_type=ContentType.objects.get_or_create(app_label="cms", model="homepage")[0],
        path="00010001",
        depth=2,
        numchild=1,
        url_path="/home/",
        locale=locale,
        headline=HEADLINE,
        lead=LEAD,
        points=points(POINTS),
        steps_title="How a fellowship year goes",
        steps=points(STEPS),
        aside_title="Part of this work?",
        aside=ASIDE,
        **dates,
    )
    CaseStudyIndexPage.objects.create(
        title="Case studies",
        draft_title="Case studies",
        slug="case-studies",
        search_description=STORIES_LEAD,
        content_type=ContentType.objects.get_or_create(app_label="cms", model="casestudyindexpage")[0],
        path="000100010001",
        depth=3,
        numchild=0,
        url_path="/home/case-studies/",
        locale=locale,
        lead=STORIES_LEAD,
        **dates,
    )
    Page.objects.filter(depth=1).update(numchild=1)
    Site.objects.create(hostname="localhost", site_name="Common Ground", root_page_id=home.pk, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_pages"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    # Backwards the pages stay: they may have been written in since.
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

"""An editor at work in Wagtail: drafts, what publishing asks for, previews, files, and what the chain says of it."""

import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db.models import Model
from django.test import Client
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from accounts import actions as accounts
from cms.blocks import STORY
from cms.models import CaseStudyIndexPage, CaseStudyPage
from core import audit
from core.access import HOUSE
from fellowships import actions as fellowships
from mou import actions as mou
from mou import demo as mou_demo
from partnerships import actions as partnerships
from partnerships import demo as partnerships_demo
from partnerships.models import ProgrammeRole
from tests.cms.stories import FACTS, FIGURE, story
from tests.reading import soup

RICH = ("problem", "how_we_worked", "what_we_built", "challenges", "followed")


@pytest.fixture
def edna(client, cast) -> Client:
    client.force_login(cast.edna)
    return client


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    """Here a click in the editor is a commit, as outside of tests."""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        yield
    assert isinstance(callbacks, list)


def form(**facts) -> dict[str, str]:
    """What the browser sends for a case study."""
    given = {"title": "Shorter queues", "slug": "shorter-queues"} | facts
    plain = {
        name: given.get(name, "")
        for name in ("title", "slug", "summary", "partners", "level", "cycle", "year", "picture", "picture_alt")
    }
    plain |= {name: given.get(name) or "" for name in FIGURE if name != "no_outcome_yet"}
    plain |= {name: rich_text(given.get(name, "")) for name in RICH}
    if given.get("no_outcome_yet"):
        plain["no_outcome_yet"] = "on"
    rows = {name: inline_formset(given.get(name, [])) for name in ("agencies", "records")}
    rows["agencies"]["INITIAL_FORMS"] = str(given.get("initial", 0))  # of its lines, how many were there before
    return nested_form_data(
        plain | rows | {"more": streamfield(given.get("more", [])), "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}}
    )


def add() -> str:
    return f"/cms/pages/add/cms/casestudypage/{CaseStudyIndexPage.shown().pk}/"


def errors(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_draft_may_be_unfinished(edna):
    response = edna.post(add(), form())
    page = CaseStudyPage.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/cms/pages/{page.pk}/edit/")
    assert not page.live
    assert edna.post(f"/cms/pages/{page.pk}/edit/", form(summary="Half a sentence")).status_code == 302
    assert CaseStudyPage.objects.get().get_latest_revision_as_object().summary == "Half a sentence"
    assert Client().get("/case-studies/shorter-queues/").status_code == 404


def test_publishing_says_what_is_missing_and_keeps_what_was_typed(edna):
    response = edna.post(add(), form(summary="Half a sentence", problem="<p>Typed with care</p>") | {"action-publish": "1"})
    html = errors(response)
    assert response.status_code == 200 and not CaseStudyPage.objects.exists()
    assert "Give a figure, or tick “there is no outcome yet”." in html
    assert "Half a sentence" in html and "Typed with care" in html


@pytest.mark.parametrize("part", ["challenges", "how_we_worked"])
def test_without_how_we_worked_or_what_did_not_work_it_is_not_published(edna, part):
    response = edna.post(add(), form(**FACTS | {part: ""}) | {"action-publish": "1"})
    assert response.status_code == 200 and "This is part of every case study." in errors(response)
    assert not CaseStudyPage.objects.exists()


def test_a_figure_without_its_source_is_not_published(edna):
    response = edna.post(add(), form(**FACTS | FIGURE | {"outcome_source": ""}) | {"action-publish": "1"})
    assert response.status_code == 200 and "A figure needs this." in errors(response)


def test_a_picture_needs_words(edna, cast):
    picture = uploaded(edna)
    posted = form(**FACTS, picture=picture.pk) | {"action-publish": "1"}
    assert "Say what the picture shows" in errors(edna.post(add(), posted))
    assert edna.post(add(), posted | {"picture_alt": "A waiting room at seven"}).status_code == 302
    html = Client().get("/case-studies/shorter-queues/").content.decode()
    (address,) = re.findall(r'<img[^>]* src="([^"]+)"', html)
    assert 'alt="A waiting room at seven"' in html
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


def test_published_by_click_it_is_public_and_on_the_chain_under_the_editors_name(edna, cast, django_capture_on_commit_callbacks):
    assert b"Shorter queues" not in Client().get("/case-studies/").content
    with django_capture_on_commit_callbacks(execute=True):
        assert edna.post(add(), form(**FACTS | FIGURE) | {"action-publish": "1"}).status_code == 302
    page = CaseStudyPage.objects.get()
    assert b"Shorter queues" in Client().get("/case-studies/").content
    assert Client().get(page.url).status_code == 200
    assert audit.history(page)[0].text == "Edna published the page “Shorter queues”."


ENDS = {
    "unpublished": ("/cms/pages/{pk}/unpublish/", "took the page"),
    "deleted": ("/cms/pages/{pk}/delete/", "deleted the page"),
    "unpublished among others": ("/cms/bulk/wagtailcore/page/unpublish/?id={pk}", "took the page"),
    "deleted among others": ("/cms/bulk/wagtailcore/page/delete/?id={pk}", "deleted the page"),
}


@pytest.mark.parametrize("end", list(ENDS))
def test_every_way_in_which_an_editor_takes_a_page_away_takes_it_away(edna, django_capture_on_commit_callbacks, end):
    page = story()
    address, words = ENDS[end]
    assert Client().get(page.url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert edna.post(address.format(pk=page.pk), {}).status_code == 302
    assert Client().get(page.url).status_code == 404
    assert audit.history(page)[0].text.startswith(f"Edna {words}")


def test_in_a_database_without_a_test_around_it_the_editors_clicks_commit(transactional_db):
    """Wagtail deletes and works in bulk inside transactions of its own, in which no action may open one."""
    from tests.conftest import build_cast

    cast, client = build_cast(), Client()
    client.force_login(cast.edna)
    assert client.post(add(), form(**FACTS) | {"action-publish": "1"}).status_code == 302
    page = CaseStudyPage.objects.get()
    assert client.get(page.url).status_code == 200
    assert client.post(f"/cms/bulk/wagtailcore/page/unpublish/?id={page.pk}", {}).status_code == 302
    assert client.post(f"/cms/bulk/wagtailcore/page/publish/?id={page.pk}", {}).status_code == 302
    assert client.post(f"/cms/pages/{page.pk}/delete/", {}).status_code == 302
    assert not CaseStudyPage.objects.exists()
    verbs = [line.verb for line in audit.history(page)]
    assert verbs[0] == "page.deleted" and sorted(set(verbs)) == ["page.deleted", "page.published", "page.unpublished"]
    assert audit.verify() is None


def test_a_draft_is_seen_by_those_who_write_and_by_nobody_else(edna, cast):
    edna.post(add(), form(**FACTS))
    page = CaseStudyPage.objects.get()
    addresses = [f"/cms/pages/{page.pk}/view_draft/", f"/cms/pages/{page.pk}/edit/", f"/cms/pages/{page.pk}/history/"]
    addresses += [f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/view/"]
    for address in addresses:
        assert b"Shorter queues" in edna.get(address).content, address
    reader = Client()
    for user in (cast.nora, cast.otto, cast.felix, cast.rita):
        reader.force_login(user)
        assert [reader.get(address).status_code for address in addresses] == [404] * len(addresses)
    partnerships.end_programme_role(role=ProgrammeRole.objects.get(person=cast.edna.person), by=HOUSE)
    assert [edna.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_the_preview_shows_the_cycle_as_the_page_will(edna, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    edna.post(add(), form(**FACTS, cycle=cast.cycle.pk))
    html = edna.get(f"/cms/pages/{CaseStudyPage.objects.get().pk}/view_draft/").content.decode()
    assert "First cycle" in html and "How we worked" in html


def test_the_list_and_the_first_page_have_previews(edna):
    story()
    for page in Page.objects.filter(depth__in=(2, 3)):
        response = edna.get(f"/cms/pages/{page.pk}/view_draft/")
        assert response.status_code == 200 and b"Shorter queues" in response.content


def test_a_cycle_that_is_not_public_is_not_taken_from_the_form(edna, cast):
    response = edna.post(add(), form(**FACTS, cycle=cast.cycle.pk) | {"action-publish": "1"})
    assert response.status_code == 200 and not CaseStudyPage.objects.exists()


def test_only_stories_are_added_and_only_to_their_list(edna, cast):
    index = CaseStudyIndexPage.shown()
    home = index.get_parent()
    for kind, where in (("homepage", 1), ("homepage", home.pk), ("caseStudyindexpage", home.pk), ("casestudypage", home.pk)):
        response = edna.get(f"/cms/pages/add/cms/{kind.lower()}/{where}/")
        assert response.status_code in (302, 404), (kind, where)
    assert edna.get(add()).status_code == 200


def uploaded(client) -> Image:
    file = io.BytesIO()
    Picture.new("RGB", (1600, 900), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "room.png"
    response = client.post("/cms/images/add/", {"title": "Room", "file": file, "collection": 1})
    assert response.status_code in (200, 302)
    return Image.objects.get()


def test_editors_add_and_choose_pictures_and_documents(edna, cast):
    picture = uploaded(edna)
    assert picture.uploaded_by_user == cast.edna
    assert edna.get("/cms/images/chooser/").status_code == 200 and b"Room" in edna.get("/cms/images/chooser/results/").content
    file = io.BytesIO(b"a,b\n1,2\n")
    file.name = "figures.csv"
    assert edna.post("/cms/documents/add/", {"title": "Figures", "file": file, "collection": 1}).status_code in (200, 302)
    document = Document.objects.get()
    answer = Client().get(document.url)
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["room.svg", "page.html", "run.exe", "room.png.html"])
def test_files_of_other_kinds_are_refused(edna, name):
    for kind in ("images", "documents"):
        file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
        file.name = name
        edna.post(f"/cms/{kind}/add/", {"title": "x", "file": file, "collection": 1})
    assert not Image.objects.exists() and not Document.objects.exists()


def test_no_word_an_editor_writes_becomes_script(edna):
    evil = '<p>Hello <a href="javascript:alert(1)">x</a><script>alert(2)</script><img src="x" onerror="alert(3)" /></p>'
    posted = form(**FACTS | {"problem": evil, "title": "<script>alert(4)</script>", "partners": '"><script>alert(5)</script>'})
    assert edna.post(add(), posted | {"action-publish": "1"}).status_code == 302
    for address in (CaseStudyPage.objects.get().url, "/case-studies/", "/", "/case-studies.atom"):
        html = Client().get(address).content.decode()
        assert "<script>alert" not in html and "javascript:" not in html and "onerror" not in html, address


def hostile(number: int) -> str:
    return f"<script>alert({number})</script>\"'><img src=x onerror=alert({number})>"


def hostile_words() -> str:
    """A paragraph as the editor's script would send it, written by somebody who does not use it."""
    plain = {"type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [], "data": {}}
    linked = plain | {"key": "b", "text": "press here", "entityRanges": [{"offset": 0, "length": 5, "key": 0}]}
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    blocks = [plain | {"key": "a", "text": hostile(1)}, linked, plain | {"key": "c", "type": "atomic", "text": hostile(2)}]
    return json.dumps({"blocks": blocks, "entityMap": {"0": link}})


def hostile_records(cast) -> dict[str, Model]:
    """One of each kind that a text can show, public and with hostile words for a name."""
    fellowships.edit_project(project=cast.project, facts={"title": hostile(11)}, by=cast.cora)
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    days = {"starts": cast.starts, "ends": cast.ends}
    draft = mou_demo.agreement_draft(cast.programme, cast.ngo, cast.agency, title=hostile(12), **days, by=cast.cora)
    signed = mou_demo.sign(mou_demo.send(draft, by=cast.cora), [cast.sofia, cast.nora])
    mou.publish_agreement(agreement=signed, by=cast.cora)
    ends = cast.today - timedelta(days=40)
    event = partnerships_demo.hackathon_open(
        cast.programme, cast.ngo, ends=ends, by=cast.cora, titles=[hostile(13)], title=hostile(14)
    )
    partnerships_demo.hackathon_closed(event, cast.agency, cast.stella.person, by=cast.cora)
    partnerships.publish_hackathon(hackathon=event, by=cast.cora)
    cycle = fellowships.open_cycle(programme=cast.programme, name=hostile(15), by=cast.cora)
    fellowships.publish_cycle(cycle=cycle, by=cast.cora)
    accounts.give_consent(person=cast.felix.person, item="case_study", by=cast.felix)
    return {"cycle": cycle, "placement": cast.placement, "agreement": signed, "output": event.output_set.get()}


def runs(html: BeautifulSoup) -> list[str]:
    """What of a page a browser would run, but for the site's own files."""
    found = [str(each) for each in html.select("script:not([src]):not([type='application/json'])")]
    for each in html.select("*"):
        found += [f"{name}={value}" for name, value in each.attrs.items() if name.startswith("on")]
        found += [str(each[name]) for name in ("href", "src", "action") if str(each.get(name)).startswith("javascript:")]
    return found + [str(each) for each in html.select("img[src=x]")]


def test_hostile_words_in_every_kind_of_block_come_out_as_words(edna, cast):
    picture, records = uploaded(edna), hostile_records(cast)
    blocks = {
        "heading": hostile(3),
        "paragraph": hostile_words(),
        "picture": {"image": picture.pk, "alt": hostile(4), "caption": hostile(5)},
        "figure": {"number": "<b>4", "unit": "<i>%", "label": hostile(6), "day": "2026-03-02", "source": hostile(7)},
        "quote": {"text": hostile(8), "by": hostile(9), "consent": hostile(99)},
    } | {kind: str(record.pk) for kind, record in records.items()}
    assert list(blocks) == [kind for kind, _block in STORY]
    agency = {"organisation": cast.agency.pk, "id": "", "ORDER": "1", "DELETE": ""}
    given = FACTS | {"title": hostile(20), "summary": hostile(21), "partners": hostile(22)}
    posted = form(**given, agencies=[agency], more=list(blocks.items())) | {"action-publish": "1"}
    assert edna.post(add(), posted).status_code == 302

    read = Client().get(CaseStudyPage.objects.get().url)
    text = soup(read).select_one("main").get_text()
    shown = (1, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 20, 21, 22)
    assert [number for number in shown if hostile(number) not in text] == []
    assert "<b>4" in text and "<i>%" in text and "press here" in text
    assert [each["alt"] for each in soup(read).select("main figure img")] == [hostile(4)]
    assert "alert(99)" not in read.content.decode()  # how they agreed is for the editors

    listed = Client().get(f"/organisations/{cast.agency.ref}/")
    assert hostile(20) in soup(listed).select_one("main").get_text()
    for answer in (read, listed, *(Client().get(address) for address in ("/case-studies/", "/"))):
        assert runs(soup(answer)) == []
    entry = ElementTree.fromstring(Client().get("/case-studies.atom").content).find("{*}entry")
    assert [entry.find(f"{{*}}{name}").text for name in ("title", "summary")] == [hostile(20), hostile(21)]


def test_the_editor_offers_nothing_that_this_site_does_not_do(edna, mailoutbox):
    """No moderation, schedule, comments, privacy, saving by itself: nothing waits for a clock, mails or crosses a click."""
    edna.post(add(), form(**FACTS) | {"action-submit": "1", "go_live_at": "2099-01-01 10:00"})
    page = CaseStudyPage.objects.get()
    assert page.current_workflow_state is None and page.go_live_at is None
    html = edna.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    for word in ("Submit to", "Set schedule", "go_live_at", "comments-TOTAL_FORMS", "Change privacy", "autosave-interval"):
        assert word not in html, word
    assert mailoutbox == []

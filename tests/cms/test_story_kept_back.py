"""A case study that tells of somebody sensitive is not published, and one that is public is hidden; its editors read why."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import actions as accounts
from cms.models import CaseStudyPage
from core.access import HOUSE
from fellowships import actions as fellowships
from fellowships import demo as fellowships_demo
from mou import actions as mou
from partnerships import actions as partnerships
from tests.cms.stories import FACTS, story
from tests.cms.test_editor import add, errors, form
from tests.reading import soup, words


@pytest.fixture
def edna(client, cast) -> Client:
    client.force_login(cast.edna)
    return client


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def shield(organisation, cast) -> None:
    partnerships.shield_organisation(organisation=organisation, reason="Threatened.", by=cast.cora)


def hidden_on_the_desk(client) -> list[str]:
    """What the desk says of pages that nobody may read."""
    return [words(each) for each in soup(client.get("/desk/")).select("main li") if "Hidden from everybody" in words(each)]


def published() -> list[str]:
    return list(CaseStudyPage.objects.published().order_by("title").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"agencies": ["agency"]}, "Agency is involved, and is sensitive."),
        ({"summary": "With the élsewhere people."}, "It names Elsewhere: sensitive."),
        ({"how_we_worked": "<p>We asked <b>Felix</b>.</p>"}, "It names Felix: sensitive."),
        ({"title": "What Elsewhere did"}, "It names Elsewhere: sensitive."),
    ],
)
def test_publishing_says_why_not_and_keeps_what_was_typed(edna, cast, facts, sentence):
    for organisation in (cast.agency, cast.elsewhere):
        shield(organisation, cast)
    accounts.shield_person(person=cast.felix.person, reason="Asked.", by=cast.felix)
    plain = {"title": "Queues", "slug": "queues", "partners": "Two sides"}
    given = FACTS | plain | facts | {"agencies": [{"organisation": cast.agency.pk}] if "agencies" in facts else []}
    edna.force_login(cast.cora)  # who is offered the whole register
    answer = edna.post(add(), form(**given) | {"action-publish": "1"})
    assert answer.status_code == 200 and sentence in errors(answer)
    assert "We sat in the waiting room." in errors(answer) or "how_we_worked" in facts
    assert not CaseStudyPage.objects.exists()
    assert edna.post(add(), form(**given)).status_code == 302  # a draft is kept as it is
    assert CaseStudyPage.objects.get().live is False
    with pytest.raises(ValidationError, match="sensitive"):
        CaseStudyPage.objects.get().get_latest_revision().publish()
    assert published() == []


def test_a_part_of_a_word_is_not_a_name(edna, cast):
    partnerships.edit_organisation(organisation=cast.elsewhere, facts={"name": "Tide", "short_name": "T"}, by=cast.cora)
    shield(cast.elsewhere, cast)
    assert edna.post(add(), form(**FACTS, summary_="") | {"action-publish": "1"}).status_code == 302
    story(title="A tidewater tale of T", summary="Tides came and went.")
    assert published() == ["A tidewater tale of T", "Shorter queues"]


def test_one_that_is_public_is_hidden_at_once_and_its_editors_read_why(edna, cast):
    told = story(title="Queues", agencies=[cast.agency], partners="Two sides")
    other = story(title="Other", partners="Two sides")
    visitor = Client()
    assert "Queues" in visitor.get("/case-studies/").content.decode() and visitor.get(told.url).status_code == 200
    shield(cast.agency, cast)
    assert visitor.get(told.url).status_code == 404 and visitor.get(other.url).status_code == 200
    for address in ("/", "/case-studies/", "/case-studies.atom", "/sitemap.xml", "/case-studies/?format=json"):
        assert "Queues" not in visitor.get(address).content.decode(), address
    why = "Hidden from everybody: Agency is involved, and is sensitive. Take that out and publish it again."
    assert hidden_on_the_desk(edna) == [f"Queues {why}"]
    assert why in errors(edna.get(f"/cms/pages/{told.pk}/edit/"))
    assert "Hidden from everybody" not in errors(edna.get(f"/cms/pages/{other.pk}/edit/"))
    edna.force_login(cast.amir)
    assert hidden_on_the_desk(edna) == []  # he writes no pages


def test_taken_out_and_published_again_it_is_read_again(edna, cast):
    told = story(agencies=[cast.agency], partners="Two sides")
    shield(cast.agency, cast)
    place, facts = f"/cms/pages/{told.pk}/edit/", FACTS | {"partners": "Two sides"}
    line = {"id": told.agencies.get().pk, "organisation": cast.agency.pk}
    for lines in ([line], []):  # untouched, or not sent at all
        answer = edna.post(place, form(**facts, agencies=lines, initial=len(lines)) | {"action-publish": "1"})
        assert answer.status_code == 200 and "Agency is involved, and is sensitive." in errors(answer)
    taken_out = form(**facts, agencies=[line | {"DELETE": "1"}], initial=1) | {"action-publish": "1"}
    assert edna.post(place, taken_out).status_code == 302
    assert Client().get(told.url).status_code == 200 and hidden_on_the_desk(edna) == []


def test_one_that_is_hidden_can_be_taken_down(edna, cast):
    told = story(agencies=[cast.agency])
    shield(cast.agency, cast)
    assert edna.post(f"/cms/pages/{told.pk}/unpublish/").status_code == 302
    assert CaseStudyPage.objects.get(pk=told.pk).live is False and hidden_on_the_desk(edna) == []


def test_a_record_of_it_hides_the_page_in_a_line_and_in_the_text(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    signed = fellowships_demo.agreement_in_force(cast.host, [cast.sofia, cast.nora], by=cast.cora)
    mou.publish_agreement(agreement=signed, by=cast.cora)
    facts = {"partners": "Two sides"}
    pages = [
        story(title="Line", records=[signed], **facts),
        story(title="Text", more=[("placement", cast.placement)], **facts),
        story(title="Cycle", cycle=cast.cycle, **facts),
    ]
    shield(cast.agency, cast)
    assert [client.get(page.url).status_code for page in pages] == [404, 404, 200]
    assert "Agency" not in client.get(pages[2].url).content.decode()
    assert set(map(tuple, CaseStudyPage.objects.kept_back().values())) == {
        ("It picks a record of an organisation that is sensitive.",)
    }


def test_a_sensitive_fellow_takes_no_page_along_that_does_not_write_the_name(client, cast):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    for item in ("public_name", "case_study"):
        accounts.give_consent(person=cast.felix.person, item=item, by=cast.felix)
    told = story(records=[cast.placement])
    assert "Felix" in client.get(told.url).content.decode()
    accounts.shield_person(person=cast.felix.person, reason="Asked.", by=HOUSE)
    shown = client.get(told.url).content.decode()
    assert "A fellow" in shown and "Felix" not in shown

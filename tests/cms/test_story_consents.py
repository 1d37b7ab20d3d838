"""A case study that names or shows a fellow who does not agree to it is read by nobody; agreement counts at once, both ways."""

import pytest
from django.core.exceptions import ValidationError

from accounts import actions as accounts
from cms.models import CaseStudyPage
from core.access import HOUSE
from fellowships import actions as fellowships
from tests.cms.stories import story


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def fenja(cast):
    """Felix under a name of two parts, with letters beyond ASCII."""
    accounts.rename_person(person=cast.felix.person, name="Fénja Ørsted", by=HOUSE)
    cast.felix.person.refresh_from_db()
    return cast.felix


def agree(user, *items: str) -> None:
    for item in items:
        accounts.give_consent(person=user.person, item=item, by=user)


def test_it_is_published_only_with_the_agreement_of_who_is_named(fenja):
    with pytest.raises(ValidationError, match="It names Fénja Ørsted, who does not agree"):
        story(problem="<p>We asked fenja ørsted.</p>")
    agree(fenja, "case_study")
    assert story(problem="<p>We asked fenja ørsted.</p>").live


def test_taken_back_it_is_hidden_at_once_and_its_editors_read_why(client, cast, fenja):
    agree(fenja, "case_study")
    told = story(title="Queues with Fénja Ørsted")
    assert client.get(told.url).status_code == 200 and b"Queues with" in client.get("/case-studies/").content
    accounts.withdraw_consent(person=fenja.person, item="case_study", by=fenja)
    assert client.get(told.url).status_code == 404
    for address in ("/case-studies/", "/case-studies.atom", "/sitemap.xml", "/"):
        assert b"Queues with" not in client.get(address).content and told.slug.encode() not in client.get(address).content
    client.force_login(cast.edna)
    assert "who does not agree to case studies that tell of them" in client.get("/desk/").content.decode()
    agree(fenja, "case_study")
    client.logout()
    assert client.get(told.url).status_code == 200


def test_words_of_a_picture_say_whom_it_shows(fenja):
    agree(fenja, "case_study")
    with pytest.raises(ValidationError, match="A picture shows Fénja Ørsted, who does not"):
        story(picture_alt="Fenja Ørsted at the desk.")
    agree(fenja, "photo")
    assert story(picture_alt="Fenja Ørsted at the desk.").live
    accounts.withdraw_consent(person=fenja.person, item="photo", by=fenja)
    assert not CaseStudyPage.objects.published().exists()


def test_a_placement_leaves_every_case_study_with_the_agreement(client, cast, fenja):
    fellowships.publish_cycle(cycle=cast.cycle, by=cast.cora)
    agree(fenja, "case_study", "public_name")
    told = story(records=[cast.placement])
    assert "Fénja Ørsted" in client.get(told.url).content.decode()
    accounts.withdraw_consent(person=fenja.person, item="case_study", by=fenja)
    left = client.get(told.url).content.decode()
    assert "Fénja Ørsted" not in left and "Shorter queues" in left


def test_a_part_of_a_name_or_somebody_who_is_no_fellow_hides_nothing(cast, fenja):
    assert story(problem="<p>Fénja and Ørstedt spoke, and so did Otto.</p>").live

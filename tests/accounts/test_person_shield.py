"""A person is marked as sensitive, and the mark is lifted: by themselves, or by who looks after them."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import actions
from accounts.models import Person
from core.audit import history
from core.models import Message
from core.public import generation
from fellowships import actions as fellowships
from tests.conftest import sign_in_for
from tests.reading import buttons, names, page, problems, reason, said, table_of

OWN = "/desk/me/shield/"
YES, NO = {"sensitive": "yes", "reason": "Asked for it."}, {"sensitive": "no", "reason": "Over."}
REFUSAL = "Only a coordinator, an administrator or the person themselves says that somebody is sensitive."


def of(user) -> str:
    return f"/desk/people/{user.person.ref}/shield/"


def test_each_says_so_of_themselves_and_lifts_it(client, cast):
    client.force_login(cast.felix)
    actions.give_consent(person=cast.felix.person, item="public_name", by=cast.felix)
    assert "Keep it off every public page" in buttons(client.get("/desk/me/"))
    assert "Keep my name off every public page?" in page(client.get(OWN))
    before = generation()
    assert said(client.post(OWN, YES, follow=True)) == ["Felix is named on no public page from now on."]
    assert list(Person.objects.named_in_public()) == [] and generation() == before + 1
    assert history(cast.felix.person)[0].text == "Felix marked this person as sensitive: Asked for it."
    assert "Let it be public again" in buttons(client.get("/desk/me/"))
    client.post(OWN, NO)
    assert list(Person.objects.named_in_public()) == [cast.felix.person]


def test_lifted_nobody_is_named_who_did_not_agree(cast):
    actions.shield_person(person=cast.felix.person, reason="x", by=cast.felix)
    actions.unshield_person(person=cast.felix.person, reason="x", by=cast.felix)
    assert list(Person.objects.named_in_public()) == []


@pytest.mark.parametrize("who", ["cora", "ada"])
def test_who_looks_after_people_says_it_of_them(client, cast, ada, who):
    client.force_login(ada if who == "ada" else getattr(cast, who))
    assert "Keep Amir off every public page?" in page(client.get(of(cast.amir)))
    answer = client.post(of(cast.amir), YES, follow=True)
    assert said(answer) == ["Amir is named on no public page from now on."]
    assert "Sensitive: named on no public page" in page(answer)
    assert names(client.get("/desk/people/?sensitive=yes")) == ["Amir"]
    lines = table_of(client.get("/desk/people/?format=csv"))
    assert lines[0][-1] == "Sensitive" and {line[1] for line in lines if line[-1] == "yes"} == {"Amir"}
    client.post(of(cast.amir), NO)
    assert names(client.get("/desk/people/?sensitive=yes")) == []


def test_who_runs_the_cycle_says_it_of_a_fellow_who_has_no_role_anywhere(client, cast):
    client.force_login(cast.cora)
    place = f"/desk/fellows/{cast.fellow.ref}/"
    assert "Keep the name off public pages" in buttons(client.get(place))
    assert "Keep Felix off every public page?" in page(client.get(f"{place}shield/"))
    answer = client.post(f"{place}shield/", YES, follow=True)
    assert said(answer) == ["Felix is named on no public page from now on."]
    assert "Let the name be public again" in buttons(answer)


def test_who_did_not_lift_it_themselves_is_told(cast):
    for by, told in ((cast.amir, 0), (cast.cora, 1)):
        actions.shield_person(person=cast.amir.person, reason="x", by=cast.amir)
        before = Message.objects.count()
        actions.unshield_person(person=cast.amir.person, reason="The danger is past.", by=by)
        assert Message.objects.count() == before + told
    mail = Message.objects.latest("pk")
    assert mail.subject == "Your name can stand on public pages again" and "The danger is past." in mail.lines[0]


def test_nobody_else_does(client, cast):
    other = sign_in_for("fiona")
    for by in (cast.nora, cast.stella, cast.audrey, cast.edna, cast.otto, other):
        for act in (actions.shield_person, actions.unshield_person):
            with pytest.raises(PermissionDenied, match=REFUSAL):
                act(person=cast.felix.person, reason="x", by=by)
    client.force_login(cast.stella)
    assert client.get(f"/desk/fellows/{cast.fellow.ref}/shield/").status_code == 403
    assert client.post(of(cast.felix), YES).status_code == 404
    client.force_login(cast.rooth)
    assert reason(client.get(OWN)) == "This sign-in belongs to nobody in the work: no public page names it."


def test_without_a_reason_nothing_happens_and_a_second_click_records_nothing(client, cast):
    client.force_login(cast.felix)
    answer = client.post(OWN, YES | {"reason": ""})
    assert answer.status_code == 422 and len(problems(answer)) == 1
    for _click in range(2):
        client.post(OWN, YES)
    assert [line.verb for line in history(cast.felix.person)].count("person.shielded") == 1


def test_who_has_left_the_cycle_is_still_looked_after(cast):
    fellowships.withdraw_fellow(fellow=cast.fellow, left_on=cast.today, reason="x", by=cast.cora)
    actions.shield_person(person=cast.felix.person, reason="x", by=cast.cora)  # who left is still told of, and still hers
    assert Person.objects.get(pk=cast.felix.person.pk).sensitive

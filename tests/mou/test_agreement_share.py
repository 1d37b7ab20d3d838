"""Who can see an agreement: by a role, or by a share of this one, which a coordinator gives and ends."""

from datetime import timedelta

import pytest
import time_machine

from core import sharing
from core.audit import history
from core.jobs import run_jobs
from tests.reading import buttons, page, problems, said, soup, title, words


@pytest.fixture
def share(agreement) -> str:
    return f"/desk/agreements/{agreement.ref}/share/"


@pytest.fixture
def cora(client, cast):
    client.force_login(cast.cora)
    return client


def tables(answer) -> list[list[list[str]]]:
    return [
        [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
        for table in soup(answer).select("main table")
    ]


def sees(client, user, agreement) -> bool:
    client.force_login(user)
    return client.get(f"/desk/agreements/{agreement.ref}/").status_code == 200


def test_everybody_who_reads_it_reads_who_else_does(client, cast, agreement, share):
    client.force_login(cast.amir)
    shares, roles = tables(client.get(share))
    assert [row[0] for row in shares] == ["Carol"] and shares[0][2:] == ["Cora", "ended by hand"]
    assert roles == [
        ["Amir", "Legal reviewer", "Agency"],
        ["Sofia", "Signatory", "Agency"],
        ["Stella", "Site supervisor", "Agency"],
        ["Nora", "Lead", "NGO"],
        ["Nora", "Signatory", "NGO"],
        ["Audrey", "Auditor", "Open city"],
        ["Cora", "Programme coordinator", "Open city"],
    ]
    assert buttons(client.get(share)) == []
    links = [link["href"] for link in soup(client.get(f"/desk/agreements/{agreement.ref}/")).select("main a")]
    assert share in links


def test_a_draft_is_read_by_the_programme_alone(cora, agreement_draft):
    answer = cora.get(f"/desk/agreements/{agreement_draft.ref}/share/")
    assert [row[0] for row in tables(answer)[0]] == ["Audrey", "Cora"]
    assert "they see it from the moment it is sent" in page(answer) and "With nobody." in page(answer)


def test_a_share_opens_this_one_until_it_is_ended(client, cora, cast, agreement, share, mailoutbox):
    assert not sees(client, cast.otto, agreement)
    client.force_login(cast.cora)
    assert said(cora.post(share, {"email": "OTTO@example.org"}, follow=True)) == ["Otto can read it from now on, and got a mail."]
    run_jobs()
    (mail,) = [mail for mail in mailoutbox if mail.subject.startswith("Shared with you") and mail.to == ["otto@example.org"]]
    assert f"/desk/agreements/{agreement.ref}/" in mail.body
    assert sees(client, cast.otto, agreement)
    assert client.post(share, {"email": "rita@example.org"}).status_code == 403
    client.force_login(cast.cora)
    end = [link["href"] for link in soup(cora.get(share)).select("main td a.btn")][-1]
    assert title(cora.get(end)).startswith("End the share with Otto")
    assert sees(client, cast.otto, agreement)  # looking at the question ends nothing
    client.force_login(cast.cora)
    assert said(cora.post(end, follow=True)) == ["Ended. Otto cannot read it by the share any more."]
    assert cora.post(end).status_code == 404
    assert not sees(client, cast.otto, agreement) and sees(client, cast.carol, agreement)
    told = [line.text for line in history(agreement)]
    assert "Cora shared the agreement with Otto." in told and "Cora ended the share with Otto." in told


def test_a_share_with_a_last_day_ends_by_itself(client, cora, cast, agreement, share):
    until = cast.today + timedelta(days=3)
    cora.post(share, {"email": "otto@example.org", "until": until.isoformat()})
    with time_machine.travel(until - timedelta(days=1), tick=False):
        assert sees(client, cast.otto, agreement)
    with time_machine.travel(until, tick=False):
        assert not sees(client, cast.otto, agreement)
        client.force_login(cast.cora)
        assert [row[0] for row in tables(cora.get(share))[0]] == ["Carol"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": ""}, "E-mail address: Fill this in."),
        ({"email": "nobody@example.org"}, "E-mail address: Nobody signs in here with this address."),
        ({"email": "rooth@example.org"}, "E-mail address: Nobody signs in here with this address."),
        ({"email": "otto@example.org", "until": "2020-01-01"}, "Until: That day is past or today: it would open nothing."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_shared(cora, agreement, share, typed, sentence):
    answer = cora.post(share, typed)
    assert answer.status_code == 422 and problems(answer)[0].startswith(sentence)
    assert len(sharing.shares(agreement)) == 1

"""What agreements put on other pages: the inbox of each person, and the panel of an organisation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.inbox import waiting_for
from core.panels import panels_of
from mou import actions, demo, inbox, rules
from mou.models import Agreement, Duty

OURS = "/desk/agreements/", "/desk/duties/"


def waits(user) -> list[tuple[str, str]]:
    """(sentence, where) of what this app put in somebody's inbox."""
    return [(item.sentence, item.url) for item in waiting_for(user) if item.url.startswith(OURS)]


def sent_days_ago(agreement: Agreement, days: int) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(sent_at=timezone.now() - timedelta(days=days))


def late(key: str, days: int) -> None:
    """Every date of a duty is moved to that many days ago."""
    today = timezone.localdate()
    Duty.objects.filter(obligation__key=key).update(due=today - timedelta(days=days))


def test_the_named_signatories_are_asked_to_sign_until_they_have(cast, agreement):
    line = (f"Sign or decline: {agreement.title}", f"/desk/agreements/{agreement.ref}/sign/")
    assert waits(cast.sofia) == waits(cast.nora) == [line]
    demo.sign(agreement, [cast.sofia])
    assert (waits(cast.sofia), waits(cast.nora)) == ([], [line])
    for name in ("amir", "stella", "cora", "carol", "otto", "rita", "audrey", "rooth"):
        assert line not in waits(getattr(cast, name))


def test_a_new_version_is_to_be_signed_again(cast, agreement):
    demo.sign(agreement, [cast.sofia])
    actions.recall_agreement(agreement=agreement, reason="A word.", by=cast.cora)
    assert waits(cast.sofia) == []
    actions.send_agreement(agreement=agreement, by=cast.cora)
    assert waits(cast.sofia) == [(f"Sign or decline: {agreement.title}", f"/desk/agreements/{agreement.ref}/sign/")]


def test_a_draft_waits_for_the_coordinator_and_says_what_is_missing(cast, agreement_draft):
    [line] = [item for item in waiting_for(cast.cora) if item.url.startswith(OURS)]
    detail = f"/desk/agreements/{agreement_draft.ref}/"
    assert (line.sentence, line.url, line.act) == (f"Finish the draft: {agreement_draft.title}", detail, "Open")
    first, *more = rules.obstacles_to_sending(agreement_draft)
    assert line.why.startswith(f"{agreement_draft.ref}. {first.sentence}")
    assert ("things are missing" in line.why) is bool(more)
    demo.fill(agreement_draft, by=cast.cora)
    assert waits(cast.cora) == [(f"Send for signature: {agreement_draft.title}", f"/desk/agreements/{agreement_draft.ref}/send/")]
    assert waits(cast.audrey) == waits(cast.nora) == []


@pytest.mark.parametrize(("days", "told"), [(7, False), (8, True)])
def test_a_slow_signature_waits_for_a_word_of_the_coordinator(cast, agreement, days, told):
    demo.sign(agreement, [cast.nora])
    sent_days_ago(agreement, days)
    line = (f"Remind Sofia to sign: {agreement.title}", f"/desk/agreements/{agreement.ref}/")
    assert waits(cast.cora) == ([line] if told else [])


def test_what_was_declined_waits_for_the_coordinator(cast, agreement):
    actions.decline_agreement(agreement=agreement, reason="No.", by=cast.sofia)
    assert waits(cast.cora) == [(f"Change or withdraw: {agreement.title} was declined", f"/desk/agreements/{agreement.ref}/")]
    assert waits(cast.sofia) == []


def test_a_duty_waits_for_the_side_that_owes_it_and_a_series_on_one_line(cast, agreement_in_force):
    late("OB-07", 3)
    first = Duty.objects.filter(obligation__key="OB-07").order_by("pk").first()
    dates = Duty.objects.filter(obligation__key="OB-07").count()
    for name in ("amir", "sofia", "stella"):
        mine = [item for item in waiting_for(getattr(cast, name)) if item.sentence == "Meet every week"]
        assert [(item.url, item.due) for item in mine] == [(f"/desk/duties/{first.ref}/", first.due)]
        assert f"{dates} dates have passed." in mine[0].why
    assert "Meet every week" not in [sentence for sentence, _url in waits(cast.nora)]


def test_coordinators_get_one_line_about_all_that_is_late(cast, agreement_in_force):
    late("OB-07", 3)
    number = Duty.objects.filter(obligation__key="OB-07").count()
    line = (f"{number} late duties in your programmes", "/desk/duties/?state=late&each=on")
    assert line in waits(cast.cora) and line not in waits(cast.audrey) and line not in waits(cast.amir)


def test_what_was_reported_waits_for_the_other_side(cast, agreement_in_force):
    actions.report_duty(duty=Duty.objects.get(obligation__key="OB-41"), evidence="Here.", by=cast.sofia)
    line = ("Check 1 duty that was reported", "/desk/duties/?state=sent&side=ours&each=on")
    assert line in waits(cast.nora) and line in waits(cast.cora)
    assert line not in waits(cast.sofia) and line not in waits(cast.audrey)


def test_an_inbox_is_never_a_hundred_lines(cast, agreement_in_force):
    Duty.objects.filter(state="open").update(due=timezone.localdate() - timedelta(days=1))
    found = waits(cast.sofia)
    assert len(found) == 13
    assert ("More duties of your side are late or due within 14 days", "/desk/duties/?side=mine") in found


def test_strangers_and_those_who_left_have_nothing_waiting(cast, agreement_in_force):
    late("OB-07", 3)
    for name in ("otto", "rita", "felix", "edna", "rooth"):
        assert waits(getattr(cast, name)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_is_flat_in_queries(cast, agreements, django_assert_num_queries, count):
    days = {"starts": cast.starts, "ends": cast.ends, "by": cast.cora}
    for made in agreements(count):
        sent_days_ago(made, 9)
        demo.fill(demo.agreement_draft(cast.programme, cast.ngo, cast.agency, **days), by=cast.cora)
    with django_assert_num_queries(25):
        found = [item for section in (inbox.to_sign, inbox.to_send, inbox.duties_due) for item in section(cast.cora)]
    assert len(found) == 2 * count


def test_an_organisation_shows_its_agreements_to_who_sees_them(cast, agreement_in_force):
    def rows(organisation, user):
        found = [panel.rows for panel in panels_of(organisation, user) if panel.title == "Agreements"]
        return [(row.label, row.url, row.fact, row.tone) for panel in found for row in panel]

    line = (
        f"{agreement_in_force.ref} {agreement_in_force.title}",
        f"/desk/agreements/{agreement_in_force.ref}/",
        "In force",
        "good",
    )
    assert rows(cast.agency, cast.amir) == rows(cast.ngo, cast.cora) == [line]
    assert rows(cast.agency, cast.otto) == rows(cast.elsewhere, cast.cora) == []

"""Who reads one record of the story without a role in it: a mentor, an auditor of one cycle, a juror, outside counsel."""

from cms.demo.stage import Stage
from fellowships import actions as fellowships
from fellowships.models import Cycle, Placement
from mou import actions as mou
from mou.models import Agreement
from partnerships import actions as partnerships
from partnerships.models import Hackathon


def given(stage: Stage, running: Cycle) -> None:
    """By the coordinator: each until a day that is still to come, but the juror's, which stays."""
    ending = stage.day(60)
    counsel, auditor, juror, mentor = (
        stage.users[key] for key in ("alder-nkemrose", "nora-hestwick", "kaito-brannigall", "saoirse-vanteller")
    )
    waiting = Agreement.objects.filter(state="out").order_by("pk").first()
    theirs = Placement.objects.get(fellow__cycle=running, fellow__person=stage.person("felix-arrowvale"))
    with stage.on(stage.day(-1)):
        if waiting is not None:
            mou.share_agreement(agreement=waiting, user=counsel, until=ending, by=stage.cora)
    with stage.on(stage.day(-21)):
        fellowships.share_cycle(cycle=running, user=auditor, until=ending, by=stage.cora)
        fellowships.share_placement(placement=theirs, user=mentor, until=ending, by=stage.cora)
        partnerships.share_hackathon(hackathon=Hackathon.objects.get(programme=stage.programme), user=juror, by=stage.cora)

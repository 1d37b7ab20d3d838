"""The hackathon of the story: two days, 21 outputs, and what became of each."""

from cms.demo.stage import Stage
from partnerships import demo as partnerships_demo


def hackathon(stage: Stage) -> None:
    """Seven months ago; its questions after 30, 90 and 180 days are over, the one after a year is still to come."""
    partnerships_demo.open_water(stage.programme, stage.organisations, stage.users, today=stage.today, by=stage.cora)

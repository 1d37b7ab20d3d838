from fellowships.models.cycle import STANDING, Cycle, Host, Project, undated
from fellowships.models.cycleshare import CycleShare, PlacementShare
from fellowships.models.handover import RECEIVE, VIEW, Handover, HandoverQuerySet, Section, last_day_has_come
from fellowships.models.placement import NOBODY, TROUBLE, Counts, Fellow, Placement, parts_of

__all__ = [
    "NOBODY",
    "RECEIVE",
    "STANDING",
    "TROUBLE",
    "VIEW",
    "Counts",
    "Cycle",
    "CycleShare",
    "Fellow",
    "Handover",
    "HandoverQuerySet",
    "Host",
    "Placement",
    "PlacementShare",
    "Project",
    "Section",
    "last_day_has_come",
    "parts_of",
    "undated",
]

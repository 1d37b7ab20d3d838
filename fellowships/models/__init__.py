from fellowships.models.cycle import STANDING, Cycle, Host, Project, undated
from fellowships.models.handover import Handover, HandoverQuerySet, Section, last_day_has_come
from fellowships.models.placement import NOBODY, TROUBLE, Counts, Fellow, Placement

__all__ = [
    "NOBODY",
    "STANDING",
    "TROUBLE",
    "Counts",
    "Cycle",
    "Fellow",
    "Handover",
    "HandoverQuerySet",
    "Host",
    "Placement",
    "Project",
    "Section",
    "last_day_has_come",
    "undated",
]

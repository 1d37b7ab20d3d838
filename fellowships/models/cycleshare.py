"""A cycle, or a placement in one, shared with one person for reading."""

from django.db import models

from accounts.roles import PART_ROLES
from core import access
from fellowships import kinds
from fellowships.models.cycle import Cycle
from fellowships.models.placement import Placement


class CycleShare(access.Share):
    """A cycle with all that is in it: an auditor of this one."""

    part, opens = PART_ROLES["cycle_auditor"], "fellowships.view_cycle"
    content_object = models.ForeignKey(Cycle, on_delete=models.CASCADE)
    personal = kinds.CYCLE_SHARE


class PlacementShare(access.Share):
    """A placement and its handover, and of the cycle what the fellow sees: a mentor."""

    part, opens = PART_ROLES["mentor"], "fellowships.view_placement"
    named = ("content_object__fellow__person", "content_object__host__organisation")
    content_object = models.ForeignKey(Placement, on_delete=models.CASCADE)
    personal = kinds.PLACEMENT_SHARE

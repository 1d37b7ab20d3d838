from fellowships.models.cycle import STANDING, Cycle, Host, Project
from fellowships.models.placement import NOBODY, TROUBLE, Counts, Fellow, Placement

__all__ = ["NOBODY", "STANDING", "TROUBLE", "Counts", "Cycle", "Fellow", "Host", "Placement", "Project"]

from fellowships.models.cycle import Cycle, Host, Project
from fellowships.models.placement import Fellow, Placement

__all__ = ["Cycle", "Fellow", "Host", "Placement", "Project"]

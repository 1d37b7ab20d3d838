"""Where somebody was going when a door stood in the way: kept in the address from page to page and through the mail."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500  # characters
DOORS = ("/accounts/login/", "/accounts/logout/", "/accounts/password/")  # what stands in the way is nowhere to go


def goal_of(request: HttpRequest) -> str:
    """A place of this site that the address names, or ""."""
    goal = request.GET.get("next", "")
    ours = len(goal) <= LONGEST and goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None)
    return goal if ours and not goal.startswith(DOORS) else ""


def with_goal(name: str, goal: str, args: list[str] | None = None) -> str:
    """The address of a page that leads on to that place."""
    address = reverse(name, args=args)
    return f"{address}?{urlencode({'next': goal})}" if goal else address

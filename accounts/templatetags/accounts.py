"""Tags for the pages on which somebody comes in."""

from typing import Any

from django import template

from accounts.onward import goal_of, with_goal

register = template.Library()


@register.simple_tag(takes_context=True)
def onward(context: dict[str, Any], name: str) -> str:
    """The address of a page, with the place that somebody was going to when they came here."""
    return with_goal(name, goal_of(context["request"]))

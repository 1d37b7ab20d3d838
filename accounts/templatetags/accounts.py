"""Tags for the pages on which somebody comes in."""

from typing import Any

from django import template
from django.conf import settings

from accounts.onward import goal_of, with_goal

register = template.Library()


@register.simple_tag(takes_context=True)
def onward(context: dict[str, Any], name: str) -> str:
    """The address of a page, with the place that somebody was going to when they came here."""
    return with_goal(name, goal_of(context["request"]))


@register.simple_tag
def provider_name() -> str:
    """What the provider of single sign-on is called, or "" where there is none."""
    return settings.OIDC_NAME if settings.OIDC_ISSUER else ""

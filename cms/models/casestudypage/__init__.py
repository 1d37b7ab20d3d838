"""A case study: `query` reads and finds, `form` says what it must have, `page` is what is stored and shown."""

from cms.models.casestudypage.page import READING, CaseStudyPage
from cms.models.casestudypage.query import PublicPages, whole_name

__all__ = ["READING", "CaseStudyPage", "PublicPages", "whole_name"]

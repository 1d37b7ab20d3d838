from cms.models.casestudyindexpage import CaseStudyIndexPage
from cms.models.casestudypage import CaseStudyPage, whole_name
from cms.models.homepage import HomePage, OnRecord, on_record

__all__ = ["CaseStudyIndexPage", "CaseStudyPage", "HomePage", "OnRecord", "on_record", "whole_name"]

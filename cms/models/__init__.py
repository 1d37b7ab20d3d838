from cms.models.casestudyindexpage import CaseStudyIndexPage
from cms.models.casestudypage import CaseStudyPage, whole_name
from cms.models.casestudyrecord import CaseStudyAgency, CaseStudyRecord
from cms.models.homepage import HomePage, OnRecord, on_record

__all__ = [
    "CaseStudyAgency",
    "CaseStudyIndexPage",
    "CaseStudyPage",
    "CaseStudyRecord",
    "HomePage",
    "OnRecord",
    "on_record",
    "whole_name",
]

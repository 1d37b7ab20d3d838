"""The desk and what belongs to nobody in particular."""

from core.views.desk import desk, gallery, mail_list, message_list, rendition

__all__ = ["desk", "gallery", "mail_list", "message_list", "rendition"]

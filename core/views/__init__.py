"""The desk, imports, and what belongs to nobody in particular."""

from core.views.anchors import public_anchor_list
from core.views.desk import desk, gallery, mail_list, message_list, rendition
from core.views.imports import (
    import_add,
    import_apply,
    import_check,
    import_columns,
    import_detail,
    import_discard,
    import_fault_list,
    import_files,
    import_list,
    import_mapping,
    import_mapping_choose,
    import_values,
)
from core.views.log import event_list
from core.views.retention import retention_detail, retention_hold, retention_lift, retention_list

__all__ = [
    "desk",
    "event_list",
    "gallery",
    "import_add",
    "import_apply",
    "import_check",
    "import_columns",
    "import_detail",
    "import_discard",
    "import_fault_list",
    "import_files",
    "import_list",
    "import_mapping",
    "import_mapping_choose",
    "import_values",
    "mail_list",
    "message_list",
    "public_anchor_list",
    "rendition",
    "retention_detail",
    "retention_hold",
    "retention_lift",
    "retention_list",
]

"""The record sheet as a PDF: the values of a handbook, printed by the house's press."""

import os
from datetime import date
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from kaohe.documents.record import Record
from kaohe.documents.record_sheet import Checkpoint, record_sheet
from kaohe.standard.model import Standard
from kaohe.web.journal.head import Head
from kaohe.web.lang.choice import spoken

if TYPE_CHECKING:
    from kaohe.documents.as_pdf import Press

_TURN = Lock()
"""A press prints one document at a time."""


@cache
def _press() -> "Press":
    """The process's press, with the office's own faces where the deployment names their folders; warm after one sheet."""
    from kaohe.documents.as_pdf import Press  # loads the typesetter, which is slow
    from kaohe.documents.faces import font_folders

    return Press(font_folders((), os.environ.get("KAOHE_FONT_DIRS", "")))


def printed(record: Record, standard: Standard, on: date, head: Head) -> bytes:
    """Print a record in the language that is being spoken; the same values give the same bytes."""
    checkpoint = Checkpoint(head.size, head.root) if head.checkpoint else None
    content = record_sheet(record, standard, on, spoken(), checkpoint)
    with _TURN:
        return _press().record_sheet(content)


def file_name(code: str) -> str:
    """Name the file of a person's sheet, whatever the code holds."""
    from kaohe.documents.as_pdf import sheet_name  # as above

    return f"record-{sheet_name(code)}.pdf"

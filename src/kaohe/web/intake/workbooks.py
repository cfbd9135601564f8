"""Workbooks that are given out: empty ones to fill in, and copies in which the faults are marked."""

from pathlib import Path

from django.conf import settings

from kaohe.ledger.templates import write_organisation_template
from kaohe.standard.files import read_standard
from kaohe.web.intake.models import Import
from kaohe.web.intake.wording import fault_sentence, in_file
from kaohe.web.lang.choice import spoken


def write_template(path: Path, table: str) -> None:
    """Write the empty workbook of a table."""
    standard = read_standard(settings.CONFIGURATION.standard).standard
    groups = [(group.id, group.title.zh) for group in standard.groups]
    write_organisation_template(path, table, groups=groups, language=spoken())


def write_annotated(path: Path, found: Import) -> None:
    """Write a copy of an import's file in which its faults are marked; it can be put right and sent again as it is."""
    from kaohe.ledger.annotated import annotate  # slow imports: the engine
    from kaohe.web.intake.staging import faults_of, laid_out

    with laid_out(found) as source:
        annotate(
            source, faults_of(found), lambda fault: fault_sentence(in_file(fault, found.file_name)), path,
            more=found.more_faults, language=spoken(), summary_last=True, name=found.file_name,
        )  # fmt: skip

"""Workbooks that are given out: empty ones to fill in, and copies in which the faults are marked."""

import shutil
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings

from kaohe.fault import Fault
from kaohe.ledger.tables import EXTENSIONS
from kaohe.ledger.templates import write_organisation_template, write_templates
from kaohe.standard.files import read_standard
from kaohe.web.intake.faults import faults_of
from kaohe.web.intake.models import CITY, Import
from kaohe.web.intake.targets import TARGETS
from kaohe.web.intake.wording import fault_sentence, in_file
from kaohe.web.lang.choice import say, spoken

_MARKED = ("批注", "marked")


def write_template(path: Path, table: str) -> None:
    """Write the empty workbook of a table."""
    standard = read_standard(settings.CONFIGURATION.standard).standard
    groups = [(group.id, group.title.zh) for group in standard.groups]
    if table in TARGETS:
        write_organisation_template(path, table, groups=groups, language=spoken())
        return
    criteria = [(criterion.id, criterion.title.zh, criterion.points) for criterion in standard.criteria]
    with tempfile.TemporaryDirectory() as folder:
        write_templates(Path(folder), groups=groups, criteria=criteria, language=spoken())
        shutil.copyfile(Path(folder) / f"{table}.xlsx", path)


def markable(found: Import) -> bool:
    """Whether there is anything to mark: an archive that could not be unpacked has no cells."""
    return found.table != CITY or any(_is_table(fault) for fault in faults_of(found))


def _is_table(fault: Fault) -> bool:
    return fault.place.file.rpartition(".")[2].lower() in EXTENSIONS


def write_annotated(path: Path, found: Import) -> None:
    """Write a copy of an import's file in which its faults are marked; it can be put right and sent again as it is."""
    from kaohe.web.intake.staging import laid_out  # slow import: the engine

    with laid_out(found) as (folder, _):
        source = next(iter(folder.iterdir()))
        _annotate(source, [*faults_of(found)], path, found.more_faults, found.file_name)


def write_annotated_city(path: Path, found: Import) -> None:
    """Write an archive of marked workbooks, one for each table of a city folder in which something is wrong."""
    from kaohe.web.intake.staging import laid_out  # slow import: the engine

    more = found.counts.get("more", {})
    with laid_out(found) as (folder, _), tempfile.TemporaryDirectory() as aside, zipfile.ZipFile(path, "w") as archive:
        for source in sorted(folder.iterdir()):
            faults = [fault for fault in faults_of(found) if fault.place.file == source.name]
            if faults:
                marked = Path(aside) / f"{source.stem}.xlsx"
                _annotate(source, faults, marked, more.get(source.name, 0), source.name)
                archive.write(marked, marked.name, zipfile.ZIP_DEFLATED)


def _annotate(source: Path, faults: list[Fault], path: Path, more: int, name: str) -> None:
    from kaohe.ledger.annotated import annotate  # slow import: the engine

    annotate(
        source, faults, lambda fault: fault_sentence(in_file(fault, name)), path,
        more=more, language=spoken(), summary_last=True, name=name,
    )  # fmt: skip


def marked_name(found: Import) -> str:
    """Return the name under which the marked copy is given out; a marked copy that came back keeps its name."""
    extension = "zip" if found.table == CITY else "xlsx"
    stem = Path(found.file_name).stem
    for word in _MARKED:
        stem = stem.removesuffix(f"-{word}")
    return f"{stem}-{say(*_MARKED)}.{extension}"

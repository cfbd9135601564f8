"""The form by which a version is sent: for which authority, and the file."""

import re
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

from kaohe.web.accounts.standing import Standing
from kaohe.web.lang.choice import say
from kaohe.web.organisation.models import Unit
from kaohe.web.standards.checking import LARGEST, LONGEST_FILE_NAME
from kaohe.web.standards.queries import managed_authorities

EXTENSIONS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the authority, the file's name and its bytes."""

    authority: Unit
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UploadForm:
    """The form: the authorities to choose from, the chosen one, what is wrong by field."""

    authorities: tuple[tuple[int, str], ...]
    authority: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def small_only(request: HttpRequest) -> None:
    """Take no file but a small one, and that into memory; to be called before anything of the body is read."""
    request.upload_handlers = [MemoryFileUploadHandler(request)]


def blank_form(standing: Standing, authority: str = "", **errors: str) -> UploadForm:
    """Return the form, with what was chosen and what is wrong with what was sent."""
    return _form(dict(_authorities(standing)), authority, errors)


def chosen_authority(standing: Standing, said: str) -> Unit | None:
    """Return the authority that was chosen, where its standards are somebody's to keep."""
    return _authorities(standing).get(int(said)) if re.fullmatch("[0-9]{1,18}", said) else None


def read_form(request: HttpRequest, standing: Standing) -> Sent | UploadForm:
    """Return what was sent, or the form again with what is wrong."""
    authorities, said = _authorities(standing), request.POST.get("authority", "")
    authority = authorities.get(int(said)) if re.fullmatch("[0-9]{1,18}", said) else None
    file = request.FILES.get("file")
    errors = {"file": _fault_of(request, file if isinstance(file, UploadedFile) else None)}
    if authority is None:
        errors["authority"] = say("请选择主管机关。", "Choose the authority.")
    errors = {name: error for name, error in errors.items() if error}
    if errors or authority is None or not isinstance(file, UploadedFile):
        return _form(authorities, said, errors)
    return Sent(authority, _shown_name(file), file.read())


def _authorities(standing: Standing) -> dict[int, Unit]:
    return {unit.pk: unit for unit in managed_authorities(standing)}


def _form(authorities: dict[int, Unit], authority: str, errors: dict[str, str]) -> UploadForm:
    choices = tuple((unit.pk, f"{unit.name} {unit.code}") for unit in authorities.values())
    return UploadForm(choices, authority, errors)


def _fault_of(request: HttpRequest, file: UploadedFile | None) -> str:
    """Say what is wrong with a file before it is read; a large one was not kept at all."""
    if (file and (file.size or 0) > LARGEST) or (not file and _length(request) > LARGEST):
        return say("文件超过 1 MB。标准文件一般只有几十 KB，请核对选的文件。", "The file is larger than 1 MB. A standard has some 20 KB: check which file it is.")  # fmt: skip
    if file is None:
        return say("没有选择文件。请选择 YAML 文件。", "No file was chosen. Choose a YAML file.")
    if not (file.name or "").lower().endswith(EXTENSIONS):
        return say("这种文件不读。标准是 .yaml 文件。", "Files of this kind are not read. A standard is a .yaml file.")
    if not file.size:
        return say("文件是空的。请检查是否选对了文件。", "The file is empty. Check that it is the right one.")
    return ""


def _length(request: HttpRequest) -> int:
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdecimal() else 0


def _shown_name(file: UploadedFile) -> str:
    """Return a file's name as it is kept and shown: it is never used for anything else."""
    name = "".join(sign for sign in file.name or "" if sign.isprintable())
    return name if len(name) <= LONGEST_FILE_NAME else f"{name[:150]}…{name[-40:]}"

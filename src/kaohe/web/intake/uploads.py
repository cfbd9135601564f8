"""A file on its way in: never more than is allowed, never what it does not say it is."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from kaohe.ledger.tables import EXTENSIONS
from kaohe.web.intake.values import without_controls
from kaohe.web.lang.choice import say

LARGEST = 50 << 20
"""50 MB."""
LARGEST_UNFOLDED = 1 << 30
"""What may come out of a zipped city folder, in all."""
MOST_MEMBERS = 1_000
"""How many files a zipped city folder may hold."""
ARCHIVES = ("zip",)
_MAGIC = {"xlsx": (b"PK\x03\x04",), "parquet": (b"PAR1",), "zip": (b"PK\x03\x04",)}
_NOT_TEXT = (b"PK\x03\x04", b"PAR1", b"MZ", b"\x7fELF", b"%PDF", b"\xd0\xcf\x11\xe0")


class Quota(FileUploadHandler):
    """Stops to keep a file once it is too large; the rest is read and thrown away, so that the page can say so."""

    def new_file(self, *args: object, **values: object) -> None:
        """Begin to count."""
        super().new_file(*args, **values)  # type: ignore[arg-type]
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and hand on."""
        self._size += len(raw_data)
        if self._size > LARGEST:
            if self.request is not None:
                self.request.META["kaohe.too_large"] = True
            raise StopUpload
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing: the handlers that follow do."""


def under_quota(request: HttpRequest) -> None:
    """Hold a request's files to the greatest size; to be called before anything of its body is read."""
    request.upload_handlers = [Quota(request), *request.upload_handlers]


def sent_file(request: HttpRequest) -> UploadedFile | None:
    """Return the file of a form."""
    file = request.FILES.get("file")
    return file if isinstance(file, UploadedFile) else None


def fault_of(request: HttpRequest, file: UploadedFile | None, *, city: bool = False) -> str:
    """Say what is wrong with the file that was sent; empty where it can be stored. A city folder comes as a ZIP."""
    if request.META.get("kaohe.too_large") or (file and (file.size or 0) > LARGEST):
        return say(
            "文件超过 50 MB。请删去数据以外的内容，或分成几个文件。",
            "The file is larger than 50 MB: take out what is no data, or split it.",
        )
    if file is None:
        return say(
            "没有选择文件。请选择 CSV、XLSX 或 Parquet 文件；整个城市文件夹选 ZIP。",
            "No file was chosen. Choose a CSV, XLSX or Parquet file, or a ZIP for a whole city folder.",
        )
    extension = extension_of(file)
    if extension not in (ARCHIVES if city else EXTENSIONS):
        return _wrong_kind(extension, city=city)
    if not file.size:
        return say("文件是空的。请检查是否选对了文件。", "The file is empty. Check that it is the right one.")
    if not _is_what_it_says(file, extension):
        return (
            say(
                "内容不是 ZIP，只是文件名如此。请把文件夹重新压缩成 ZIP。",
                "Its content is not ZIP, only its name says so. Zip the folder anew.",
            )
            if city
            else say(
                f"内容不是 {extension.upper()}，只是文件名如此。请用 Excel 或 WPS 打开后另存。",
                f"Its content is not {extension.upper()}, only its name says so. Open it in Excel or WPS and save it anew.",
            )
        )
    return ""


def _wrong_kind(extension: str, *, city: bool) -> str:
    if city:
        return say(
            "整个城市文件夹要压缩成一个 ZIP 文件。单张表请在“表”一栏选那张表。",
            "A whole city folder comes as one ZIP file. For a single table, choose that table above.",
        )
    if extension in ARCHIVES:
        return say(
            "ZIP 是整个城市文件夹，请在“表”一栏选“整个城市文件夹”；单张表请直接上传 CSV、XLSX 或 Parquet。",
            "A ZIP is a whole city folder: choose that as the table, or send the one table as CSV, XLSX or Parquet.",
        )
    return say(
        "这种文件不读。请另存为 CSV、XLSX 或 Parquet。",
        "Files of this kind are not read. Save it as CSV, XLSX or Parquet.",
    )


def extension_of(file: UploadedFile) -> str:
    """Return a file's extension, in lower case."""
    return (file.name or "").rpartition(".")[2].lower()


def shown_name(file: UploadedFile) -> str:
    """Return a file's name as it is shown: it is never used for anything else."""
    name = without_controls(file.name or "").strip()
    return name if len(name) <= 200 else f"{name[:150]}…{name[-40:]}"


def _is_what_it_says(file: UploadedFile, extension: str) -> bool:
    file.seek(0)
    head = bytes(file.read(8))
    file.seek(0)
    if extension in _MAGIC:
        return head.startswith(_MAGIC[extension])
    return not head.startswith(_NOT_TEXT)

"""What holding a kept checkpoint against the present log came to, in words."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from kaohe.web.journal.checkpoints import Comparison
from kaohe.web.lang.choice import say

LONGEST = 20_000
_WORDS = {
    "same": (
        "ok", "一致，签名有效", "It agrees, and its signature is good",
        "现在的日志以你保存的这 {size} 条开头：保存以来，其中没有一条被改、被删、被插入。",
        "The present journal begins with the {size} entries that you kept: since then none of them was altered, removed or inserted.",
    ),
    "unsigned": (
        "warn", "一致，但没有签名", "It agrees, but bears no signature",
        "现在的日志以这 {size} 条开头。这份文字没有本系统的签名，是不是原样，要看你从哪里抄来。",
        "The present journal begins with these {size} entries. The text bears no signature of this system: whether it is genuine depends on where you copied it.",
    ),
    "unchecked": (
        "warn", "一致，签名未核对", "It agrees; the signature was not checked",
        "现在的日志以这 {size} 条开头。签名钥匙不在这台机器上，签名没有核对。",
        "The present journal begins with these {size} entries. The signing key is not on this machine, so the signature was not checked.",
    ),
    "bad_signature": (
        "bad", "根一致，但签名无效", "The root agrees, but the signature is not good",
        "根摘要与日志相符，签名却不是本系统的钥匙对这段文字签的：这份文字被改过，或抄错了。",
        "The root is the journal's, but the signature was not made by this system's key over this text: it was altered, or copied with a slip.",
    ),
    "other_root": (
        "bad", "不一致：前 {size} 条与你保存时不同", "It differs: the first {size} entries are not those that you kept",
        "你保存的根是 {kept}，现在算出来是 {found}。其中至少有一条被改、被删、被插入或被调换。保留你的检查点，让系统管理员运行 kaohe journal verify，看是哪一条。",
        "You kept the root {kept}; now it is {found}. At least one of the entries was altered, removed, inserted or moved. Keep your checkpoint, and have the system administrator run `kaohe journal verify` to see which.",
    ),
    "longer": (
        "bad", "不一致：日志变短了", "It differs: the journal has become shorter",
        "你保存的检查点有 {size} 条，现在的日志只有 {found} 条：末尾被删，或恢复过较早的备份。",
        "Your checkpoint has {size} entries, the present journal only {found}: its end was removed, or an older backup was restored.",
    ),
    "other_origin": (
        "warn", "是另一份日志的检查点", "It is a checkpoint of another journal",
        "它属于 {origin}，本系统的日志是 {found}。", "It belongs to {origin}; this system's journal is {found}.",
    ),
    "unreadable": (
        "warn", "读不出检查点", "It cannot be read as a checkpoint",
        "检查点至少三行：日志名、条数、根摘要，每行末尾换行。把下载的文件原样上传，或逐行照抄。",
        "A checkpoint has at least three lines: the journal's name, the number of entries, the root. Upload the file as you downloaded it, or copy it line by line.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComparisonText:
    """A notice: its kind, its bold line, what it means and what to do."""

    kind: str
    title: str
    text: str


def comparison_text(compared: Comparison) -> ComparisonText:
    """Say what a comparison came to."""
    kind, title_zh, title_en, zh, en = _WORDS[compared.code]
    values = {
        "size": f"{compared.size:,}", "kept": compared.kept, "found": compared.found or "—", "origin": compared.origin,
    }  # fmt: skip
    return ComparisonText(kind, say(title_zh, title_en).format(**values), say(zh, en).format(**values))


def kept_text(typed: str, file: UploadedFile | None) -> str:
    """Return the checkpoint that was uploaded, else what was typed; of either no more than a checkpoint can have."""
    if file is None:
        return typed[:LONGEST]
    content: bytes = file.read(LONGEST)
    return content.decode("utf-8-sig", "replace")

"""Taking the journal away: whole, in the form that anybody can check; a part of it, for reading. Each is an entry."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from kaohe.proof.journal import export_lines
from kaohe.web.accounts.standing import Standing
from kaohe.web.journal.append import change
from kaohe.web.journal.events import event_row, events
from kaohe.web.journal.filters import EntryFilter, EventFilter
from kaohe.web.journal.models import LogHead
from kaohe.web.journal.queries import entries, moment_of
from kaohe.web.journal.rows import COLUMNS, PIECE, plain, rows_below
from kaohe.web.journal.signing_key import origin
from kaohe.web.journal.things import names_of
from kaohe.web.journal.wording import action_title
from kaohe.web.lang.choice import say

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula, as in `kaohe.documents.workbook`, which needs a spreadsheet writer."""
EVENT_COLUMNS = ("pk", "time", "kind", "username", "user__name", "address", "detail")


def journal_file(actor: str, now: datetime) -> Iterator[bytes]:
    """Enter the export and return the lines of the whole journal, that entry with it."""
    name = origin()
    with change(actor, now) as log:
        log.says("journal:export", "journal", {"format": "jsonl", "entries": LogHead.objects.get(pk=1).size + 1})
    return export_lines(rows_below(LogHead.objects.get(pk=1).size), name)


def entries_table(standing: Standing, actor: str, asked: EntryFilter, now: datetime) -> Iterator[bytes]:
    """Enter the export and return the lines of a table of the entries that a filter asks for, oldest first."""
    with change(actor, now) as log:
        said = asked.said() | ({"q": log.sealed(asked.words)} if asked.words else {})
        log.says("journal:export", "journal", {"format": "csv", "filters": said})
    return _table(_entry_heads(), _entries(standing, asked, LogHead.objects.get(pk=1).size, now))


def events_table(standing: Standing, actor: str, asked: EventFilter, now: datetime) -> Iterator[bytes]:
    """Enter the export and return the lines of a table of the security log, oldest first."""
    with change(actor, now) as log:
        private = {"username": asked.username, "address": asked.ip}
        said = asked.said() | {name: log.sealed(value) for name, value in private.items() if value}
        log.says("security_log:export", "security_log", {"format": "csv", "filters": said})
    heads = (say("时间", "time"), say("事件", "event"), "kind", say("用户名", "user name"), say("姓名", "name"))
    return _table((*heads, say("地址", "address"), say("说明", "detail")), _events(standing, asked))


def _entry_heads() -> tuple[str, ...]:
    return (
        say("序号", "number"), say("时间", "time"), "UTC", say("用户名", "user name"), say("谁", "who"),
        say("单位", "unit"), "action", say("做了什么", "what"), "object", say("对象", "object"), "payload", "leaf",
    )  # fmt: skip


def _entries(standing: Standing, asked: EntryFilter, size: int, now: datetime) -> Iterator[Sequence[str]]:
    first, day, found = 0, timezone.localdate(now), entries(standing, asked)
    while piece := list(found.filter(seq__gte=first, seq__lt=size).order_by("seq").values_list(*COLUMNS)[:PIECE]):
        names = names_of(standing, {r[2] for r in piece}, {r[4] for r in piece}, day)
        for seq, time, actor, action, thing, payload, leaf in piece:
            moment, text = moment_of(time), plain(payload).decode("utf-8", "replace")
            local = f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
            yield (
                str(seq), local, time, actor, *names.actor(actor), action, action_title(action), thing,
                names.object(thing), text, plain(leaf).hex(),
            )  # fmt: skip
        first = piece[-1][0] + 1


def _events(standing: Standing, asked: EventFilter) -> Iterator[Sequence[str]]:
    last, found = 0, events(standing, asked)
    while piece := list(found.filter(pk__gt=last).order_by("pk").values_list(*EVENT_COLUMNS)[:PIECE]):
        for values in piece:
            row = event_row(*values)
            time = f"{timezone.localtime(row.time):%Y-%m-%d %H:%M:%S}"
            yield time, row.done, row.kind, row.username, row.name, row.address, row.detail
        last = piece[-1][0]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write rows as CSV in UTF-8 with its mark, so that spreadsheets read it; nothing in it runs when it is opened."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow(heads)
    for number, row in enumerate(rows):
        writer.writerow([harmless(cell) for cell in row])
        if number % 200 == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return written


def harmless(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would take for a formula."""
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell

"""Checkpoints, proofs and exports, and that strangers can check them with one file and no packages."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from kaohe.proof import checkpoint as c2sp
from kaohe.proof import journal_verifier, merkle
from kaohe.proof.entry import leaf_of
from kaohe.web.jobs.models import Job
from kaohe.web.jobs.registry import KINDS
from kaohe.web.journal import triggers, work
from kaohe.web.journal.append import TILE, change
from kaohe.web.journal.checkpoints import TwoHistories, make
from kaohe.web.journal.models import Checkpoint, LogEntry, PersonalValue
from kaohe.web.journal.proofs import LogTooShort, NotCovered, proof_for, root_at
from kaohe.web.journal.rows import rows_below
from kaohe.web.journal.signing_key import FILE, KeyDamaged, KeyLost, KeyOfAnotherLog, ensure_key, known_key
from tests.web.journal.entries import AT, write

VERIFIER = Path(journal_verifier.__file__)


def alone(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the verifier as a stranger does: one file, no packages."""
    command = [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def many(count: int) -> None:
    with change("office", AT) as log:
        for number in range(count):
            log.says("unit:edit", f"unit {number}", {"n": number})


def test_a_checkpoint_is_a_signed_note_over_the_log(db: None, own_keys: Path) -> None:
    write(3)

    made = make("round:publish", AT)

    key = known_key()
    assert key is not None
    assert c2sp.verify(made.note, key.origin, key.public)
    root = merkle.root([leaf_of(entry) for entry, _ in rows_below(3)])
    assert c2sp.parse(made.note) == c2sp.Checkpoint(key.origin, 3, root)
    assert (made.size, made.reason, made.time) == (3, "round:publish", AT)
    assert made.root == made.note.split("\n")[2]


@pytest.mark.parametrize(("reason", "count"), [("daily", 1), ("asked", 1), ("round:publish", 2)])
def test_nothing_is_signed_daily_where_nothing_was_added(db: None, reason: str, count: int) -> None:
    write(1)
    for _ in range(2):
        make(reason, AT)

    assert Checkpoint.objects.count() == count


def test_a_log_that_lost_what_was_signed_is_not_signed_again(db: None) -> None:
    write(3)
    make("daily", AT)
    with connection.cursor() as cursor:
        for statement in triggers.DROP[connection.vendor]:
            cursor.execute(statement)
        cursor.execute("UPDATE journal_logentry SET leaf = %s WHERE seq = 1", [bytes(32)])
    write(1)

    with pytest.raises(TwoHistories):
        make("daily", AT)


def test_the_key_is_made_once_and_only_its_owner_reads_it(db: None, own_keys: Path) -> None:
    first = ensure_key()

    assert ensure_key() == first
    path = own_keys / "keys" / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert c2sp.parse_verifier_key(first.written) == (first.origin, first.public)


@pytest.mark.parametrize(
    ("hosts", "origin"),
    [(("127.0.0.1", "kaohe.benxi.example"), "kaohe/kaohe.benxi.example"), (("127.0.0.1", "[::1]", "localhost"), None)],
)
def test_the_log_is_named_by_its_host_and_keeps_its_name(
    db: None, monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...], origin: str | None
) -> None:
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, hosts=hosts))
    first = ensure_key()
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, hosts=("other.example",)))

    assert first.origin == origin or (origin is None and len(first.origin) == len("kaohe/") + 8)
    assert ensure_key().origin == first.origin


def test_a_lost_key_is_not_replaced_by_another(db: None, own_keys: Path) -> None:
    write(1)
    make("daily", AT)
    (own_keys / "keys" / FILE).unlink()

    with pytest.raises(KeyLost):
        make("round:publish", AT)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"garbage\n", b"kaohe/x\nAAAA\n", b"a b\n" + b"A" * 43 + b"=\n"])
def test_a_damaged_key_is_told_from_one_that_is_not_there(db: None, own_keys: Path, content: bytes) -> None:
    write(1)
    make("daily", AT)
    (own_keys / "keys" / FILE).write_bytes(content)

    for asked in (ensure_key, known_key):
        with pytest.raises(KeyDamaged):
            asked()


def test_nothing_is_signed_with_the_key_of_another_log(db: None, own_keys: Path) -> None:
    write(1)
    make("daily", AT)
    (origin, _) = (own_keys / "keys" / FILE).read_text("utf-8").split()
    (own_keys / "keys" / FILE).write_text(f"{origin}\n{base64.b64encode(bytes(32)).decode()}\n", "utf-8")
    write(1)

    with pytest.raises(KeyOfAnotherLog):
        make("round:publish", AT)

    assert Checkpoint.objects.count() == 1


def test_without_the_key_a_checkpoint_is_compared_and_the_journal_exported_still(
    auditor: Client, own_keys: Path
) -> None:
    write(1)
    note = make("daily", AT).note
    (own_keys / "keys" / FILE).unlink()

    compared = auditor.post("/journal/checkpoints/", {"text": note}).context["comparison"]
    header = json.loads(next(iter(auditor.post("/journal/export/").streaming_content)))
    signing = auditor.post("/journal/checkpoints/sign/", follow=True).content.decode()

    assert compared.title == "一致，签名未核对"
    assert header["origin"] == note.split("\n")[0]
    assert "签名钥匙不在这台机器上" in signing


@pytest.mark.parametrize("size", [1, 2, TILE - 1, TILE, TILE + 1, 3 * TILE, 3 * TILE + 77])
def test_roots_and_proofs_by_tiles_are_those_of_the_whole_tree(db: None, size: int) -> None:
    many(size)
    leaves = [leaf for _, leaf in rows_below(size)]
    note = make("daily", AT).note

    for smaller in {0, 1, size // 2, size - 1, size}:
        assert root_at(smaller) == merkle.root(leaves[:smaller])
    for seq in {0, size // 2, size - 1}:
        proof = proof_for(seq)
        assert proof["path"] == [node.hex() for node in merkle.inclusion_proof(leaves, seq)]
        assert (proof["index"], proof["size"], proof["checkpoint"]) == (seq, size, note)
    with pytest.raises(LogTooShort):
        root_at(size + 1)


def test_a_proof_is_against_the_latest_checkpoint_that_includes_the_entry(db: None) -> None:
    for _ in range(2):
        write(2)
        make("daily", AT)
    write(1)

    assert proof_for(0)["size"] == proof_for(3)["size"] == 4
    with pytest.raises(NotCovered):
        proof_for(4)
    with pytest.raises(LogEntry.DoesNotExist):
        proof_for(5)


def test_the_proof_that_is_downloaded_is_verified_by_one_file(auditor: Client, tmp_path: Path) -> None:
    many(TILE + 5)
    checkpoint = tmp_path / "checkpoint.txt"
    pk = make("daily", AT).pk
    checkpoint.write_bytes(auditor.get(f"/journal/checkpoints/{pk}.txt").content)
    proof = tmp_path / "proof.json"
    proof.write_bytes(auditor.get("/journal/7/proof.json").content)

    good = alone("--proof", proof, "--checkpoint", checkpoint)
    altered = json.loads(proof.read_bytes())
    altered["entry"]["actor"] = "mallory"
    proof.write_text(json.dumps(altered), "utf-8")
    bad = alone("--proof", proof)

    assert good.returncode == 0, good.stdout
    assert bad.returncode == 1, bad.stdout


def test_no_proof_is_handed_out_before_a_checkpoint(auditor: Client) -> None:
    write(1)

    assert auditor.get("/journal/0/proof.json").status_code == 404
    assert "还没有检查点收录这一条" in auditor.get("/journal/0/").content.decode()


def test_the_export_is_verified_by_one_file_after_personal_values_are_erased(auditor: Client, tmp_path: Path) -> None:
    with change("office", AT) as log:
        log.says("person:create", "person 1", {"name": log.sealed("欧阳修")})
    many(TILE)
    note = make("daily", AT)
    PersonalValue.objects.all().delete()
    export, checkpoint = tmp_path / "journal.jsonl", tmp_path / "checkpoint.txt"
    checkpoint.write_text(note.note, "utf-8")
    export.write_bytes(b"".join(auditor.post("/journal/export/").streaming_content))

    good = alone(export, "--checkpoint", checkpoint)
    export.write_bytes(export.read_bytes().replace(b'"n\\":77', b'"n\\":78', 1))
    bad = alone(export, "--checkpoint", checkpoint)

    assert good.returncode == 0, good.stdout
    assert f"entries: {TILE + 2}" in good.stdout
    assert bad.returncode == 1
    assert "entry: 78" in bad.stdout


def test_the_key_that_is_downloaded_verifies_the_signatures(auditor: Client, tmp_path: Path) -> None:
    write(1)
    checkpoint, export = tmp_path / "c.txt", tmp_path / "journal.jsonl"
    checkpoint.write_text(make("daily", AT).note, "utf-8")
    key = auditor.get("/journal/key.txt").content.decode().strip()
    export.write_bytes(b"".join(auditor.post("/journal/export/").streaming_content))

    with export.open("rb") as file:
        verdict = journal_verifier.verify_journal(file, [("c.txt", checkpoint.read_bytes())], key)

    assert verdict.ok, verdict
    assert ("signed", key) in verdict.facts


def outcome(of: Callable[..., object]) -> object:
    steps = of(Job(kind="x"))
    while True:
        try:
            next(steps)  # type: ignore[call-overload]
        except StopIteration as end:
            return end.value


def test_the_daily_work_signs_and_checks(db: None) -> None:
    write(2)

    assert outcome(work.checkpoint) == {"size": 2, "root": Checkpoint.objects.get().root}
    assert outcome(work.verify) == {"entries": 2, "checkpoints": 1, "sealed": 0, "differences": []}
    assert KINDS["journal.checkpoint"].daily
    assert KINDS["journal.verify"].daily

"""Every word that the journal may say is there in both languages."""

import re
from pathlib import Path

import pytest

from kaohe.web.journal import wording
from kaohe.web.journal.payload import gist, values_of
from kaohe.web.journal.things import Names

SOURCE = Path(__file__).parents[3] / "src" / "kaohe"
SAID = sorted(
    {
        action
        for file in SOURCE.rglob("*.py")
        for action in re.findall(r'says\(\s*"([^"]+)"', file.read_text("utf-8"))
    }
)  # fmt: skip


@pytest.mark.parametrize("action", SAID)
def test_every_action_that_is_said_has_words(action: str) -> None:
    zh, en = wording.action_words(action)

    assert zh != action
    assert en != action
    assert not re.search("[a-z]", zh)
    assert re.fullmatch("[a-zA-Z -]+", en)


def test_actions_are_found_in_the_source() -> None:
    assert "journal:export" in SAID


@pytest.mark.parametrize(
    "table", [wording.RESOURCES, wording.VERBS, wording.ACTIONS, wording.FIELDS, wording.REASONS, wording.DIFFERENCES]
)
def test_every_word_is_there_in_both_languages(table: dict[str, tuple[str, str]]) -> None:
    for zh, en in table.values():
        assert re.search("[\u4e00-\u9fff]", zh)
        assert en.isascii()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ('{"before":{"name":"甲","code":"1"},"after":{"name":"乙","code":"1"}}', "名称 甲 → 乙"),
        ('{"name":["甲","乙"]}', "名称 甲 → 乙"),
        ('{"changes":{"name":{"old":"甲","new":null}}}', "名称 甲 → —"),
        ('{"rows":3,"complete":true}', "行数 3，整表 是"),
        ('{"digest":"' + "ab" * 32 + '","rows":3,"person":null}', "行数 3"),
        ('{"name":{"old":"' + "ab" * 32 + '","new":"乙"}}', "名称 abababab… → 乙"),
        ('{"whatever":[1,2,3]}', "whatever 3 项"),
        ('{"parent":{"old":1,"new":2,"since":"2026-01-01"}}', "上级 市公训办 → 单位 2，起 2026-01-01"),
        ('{"role":"auditor","unit":1,"account":true}', "角色 审计员，单位 市公训办，账号 是"),
        ('{"name":"' + "cd" * 32 + '"}', "名称 张三"),
        ("{}", ""),
        ("not json", "not json"),
        ("5", "5"),
        ('{"name":"' + "长" * 200 + '"}', "名称 " + "长" * 23 + "…"),
    ],
)  # fmt: skip
def test_the_gist_of_a_payload_says_what_changed(payload: str, expected: str) -> None:
    assert gist(payload.encode(), Names({}, {"unit 1": "市公训办"}), {"cd" * 32: "张三"}) == expected


def test_a_payload_is_spread_out_by_its_paths(db: None) -> None:
    values = values_of(b'{"counts":{"new":3},"name":[],"rows":[1,{"code":"x"}]}', Names())

    assert [(value.path, value.text) for value in values] == [
        ("条数 · 新", "3"), ("名称", "—"), ("行数 · 1", "1"), ("行数 · 2 · 代码", "x"),
    ]  # fmt: skip

"""Names as they are read: a surname as a surname in people's names, never in units'."""

import pytest

from kaohe.web.organisation.pinyin import asked_for, initials_of, person_initials_of, person_pinyin_of, pinyin_of


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单丽", "shanli"), ("曾国强", "zengguoqiang"), ("解明", "xieming"), ("仇英", "qiuying"), ("区海", "ouhai"),
        ("查良", "zhaliang"), ("任飞", "renfei"), ("盖杰", "gejie"), ("尉迟恭", "yuchigong"), ("万俟明", "moqiming"),
        ("翟志刚", "zhaizhigang"), ("朴志强", "piaozhiqiang"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_one(name: str, reading: str) -> None:
    assert person_pinyin_of(name).split()[0] == reading


def test_the_reading_of_the_word_is_kept_beside_it() -> None:
    assert person_pinyin_of("单丽") == "shanli danli"
    assert person_initials_of("单丽") == "sl dl"


def test_an_ordinary_name_has_one_reading() -> None:
    assert (person_pinyin_of("张三"), person_initials_of("张三")) == ("zhangsan", "zs")


def test_a_unit_is_read_as_words() -> None:
    assert (pinyin_of("查处办公室"), initials_of("区政府办公室")) == ("chachubangongshi", "qzfbgs")


def test_a_surname_alone_and_an_empty_name_are_read() -> None:
    assert (person_pinyin_of("单"), person_pinyin_of("")) == ("shan dan", "")


def test_keys_stay_within_their_columns() -> None:
    assert len(pinyin_of("庄" * 200)) == 400
    assert len(person_initials_of("单" * 200)) == 200


@pytest.mark.parametrize(
    ("typed", "key"), [("Zhang San", "zhangsan"), ("lǚ wéi", "lvwei"), ("LYU Wei", "lvwei"), ("o'u", "ou"), ("%_", "")]
)
def test_what_is_typed_takes_the_form_of_the_keys(typed: str, key: str) -> None:
    assert asked_for(typed) == key

"""What arrives is right MIME: names and texts in any language, long lines, and no header that somebody else wrote."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.web.accounts.models import User
from kaohe.web.organisation.models import Person
from kaohe.web.post.drafting import Draft, draft, known, usable
from kaohe.web.post.models import Letter, State
from kaohe.web.post.sending import send_due
from kaohe.web.post.smtp import server_line
from kaohe.web.post.texts import Texts, filled
from tests.web.post.conftest import NOON, TEXTS, Clock, send
from tests.web.post.mailserver import MailServer, serving

LONG = "训练办法" * 1_000


@pytest.fixture
def server(settle: Callable[..., None]) -> Iterator[MailServer]:
    found = MailServer()
    with serving(found) as port:
        settle(port)
        yield found


def arrived(server: MailServer, clock: Clock, person: Person, texts: Texts = TEXTS) -> Letter:
    letter = draft(User.objects.get(username="officer"), Draft([known([person.pk])[person.pk]], texts), NOON)[0]
    send(letter)
    list(send_due(clock))
    return letter


def test_names_subjects_and_texts_arrive_as_they_were_written(server: MailServer, clock: Clock, people: dict[str, Person]) -> None:  # fmt: skip
    text = f"{{姓名}}：\n\n{LONG}\n.\n..两点\nFrom here\n"

    arrived(server, clock, people["A"], Texts("提醒：“{姓名}”的在线学习还缺 6.5 学时" + "，请补修" * 20, text))

    (mail,) = server.taken
    assert mail["Subject"] == "提醒：“王五”的在线学习还缺 6.5 学时" + "，请补修" * 20
    assert (mail["To"].addresses[0].display_name, mail["To"].addresses[0].addr_spec) == ("王五", "a@benxi.gov.cn")
    assert (mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec) == ("市公训办", "kaohe@benxi.gov.cn")  # fmt: skip
    assert mail.get_content() == f"王五：\n\n{LONG}\n.\n..两点\nFrom here\n"
    assert mail.get_content_type() == "text/plain"


def test_what_travels_is_short_lines_of_ascii(server: MailServer, clock: Clock, people: dict[str, Person]) -> None:
    arrived(server, clock, people["A"], Texts("长" * 150, LONG))

    assert server.raw[0].isascii()
    assert max(map(len, server.raw[0].split(b"\r\n"))) <= 78
    assert re.search(rb"(?<!\r)\n", server.raw[0]) is None


def test_who_reads_english_gets_english(server: MailServer, clock: Clock, people: dict[str, Person]) -> None:
    arrived(server, clock, people["B"])

    (mail,) = server.taken
    assert (mail["Subject"], mail.get_content()) == ("Reminder: Ann Lee", "Ann Lee:\n\n\n")


@pytest.mark.parametrize("name", ["王\r\nBcc: all@benxi.gov.cn", "王\n\nhello", 'a" <x@y.z>, "b', "x@y.z", "王\u2028五", "(a) b; c:"])  # fmt: skip
def test_a_name_cannot_write_a_header_or_another_recipient(server: MailServer, clock: Clock, people: dict[str, Person], name: str) -> None:  # fmt: skip
    Person.objects.filter(pk=people["A"].pk).update(name=name)

    arrived(server, clock, people["A"])

    (mail,) = server.taken
    assert set(map(str.lower, mail.keys())) <= {
        "content-type", "content-transfer-encoding", "mime-version", "subject", "from", "to", "date", "message-id",
        "x-peer", "x-mailfrom", "x-rcptto",
    }  # fmt: skip
    assert server.tried == {"a@benxi.gov.cn": 1}
    assert server.got == ["a@benxi.gov.cn"]


@pytest.mark.parametrize("address", ["", "none", "张三@benxi.gov.cn", "a@b", "a@b.cn\nBcc: c@d.cn", "<a@b.cn>", "a b@c.cn", "a@b.cn,c@d.cn"])  # fmt: skip
def test_an_address_that_is_none_is_not_written_to_but_called(server: MailServer, clock: Clock, people: dict[str, Person], address: str) -> None:  # fmt: skip
    Person.objects.filter(pk=people["A"].pk).update(email=address)

    letter = arrived(server, clock, people["A"])

    message = letter.messages.get()
    assert (message.state, message.address, message.said) == (State.CALL, "", address.strip())
    assert server.taken == []


def test_an_answer_goes_to_the_sender_who_has_an_address(server: MailServer, clock: Clock, people: dict[str, Person]) -> None:  # fmt: skip
    User.objects.filter(username="officer").update(person=people["C"])

    arrived(server, clock, people["A"])

    assert server.taken[0]["Reply-To"].addresses[0].addr_spec == "c@benxi.gov.cn"


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=50))
def test_what_is_filled_in_is_never_read_as_a_mark(before: str, name: str, facts: str) -> None:
    plain = re.sub(r"[{}｛｝]", "", before)

    assert filled(plain + "{姓名}|{facts}", name, facts) == f"{plain}{name}|{facts}"


@given(st.text(max_size=400), st.integers(200, 599))
def test_a_servers_words_are_one_short_line(said: str, code: int) -> None:
    line = server_line(code, said.encode("utf-8", "replace"))

    assert len(line) <= 300
    assert line.splitlines() in ([line], [])
    assert line.startswith(str(code))


@given(st.text(max_size=60))
def test_an_address_that_can_be_used_is_one_line_of_ascii(text: str) -> None:
    found = usable(text)

    assert found == "" or (found.isascii() and found.isprintable() and found.count("@") == 1 and " " not in found)

"""Mail and a real server: nothing is lost, nothing goes twice, and one bad recipient holds no other."""

import re
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kaohe.web.config import certificates
from kaohe.web.jobs.models import Job
from kaohe.web.organisation.models import Person
from kaohe.web.post import sending
from kaohe.web.post.models import Letter, Message, State
from kaohe.web.post.sending import PUT_OFFS, send_due
from tests.web.post.conftest import NOON, Clock, Write, send
from tests.web.post.mailserver import MailServer, free_port, serving

Settle = Callable[..., None]
A, B, C = "a@benxi.gov.cn", "b@benxi.gov.cn", "c@benxi.gov.cn"


@pytest.fixture
def server(settle: Settle) -> Iterator[MailServer]:
    found = MailServer()
    with serving(found) as port:
        settle(port)
        yield found


@pytest.fixture
def letter(people: dict[str, Person], write: Write) -> Letter:
    """A letter to three with addresses and one without, sent at noon."""
    made = write(people)
    send(made)
    return made


def run(clock: Clock) -> dict[str, int]:
    """Do the work that is due now, as its job does."""
    steps = send_due(clock)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def states(letter: Letter) -> dict[str, str]:
    return dict(letter.messages.exclude(address="").values_list("address", "state"))


def one(address: str) -> Message:
    return Message.objects.get(address=address)


def test_every_message_goes_once_and_its_time_is_noted(letter: Letter, server: MailServer, clock: Clock) -> None:
    clock.on(minutes=1)

    assert run(clock) == {"sent": 3, "failed": 0, "waiting": 0}
    assert run(clock) == {"sent": 0, "failed": 0, "waiting": 0}

    assert server.got == [A, B, C]
    assert set(states(letter).values()) == {State.SENT}
    assert one(A).settled_at == clock.now


def test_the_job_of_the_letter_sends_it(letter: Letter, server: MailServer) -> None:
    from kaohe.web.jobs import worker

    worker.run_all(lambda: NOON + timedelta(seconds=1))

    job = Job.objects.get(kind="post.send")
    assert (job.state, job.outcome, job.fault) == ("done", {"sent": 3, "failed": 0, "waiting": 0}, "")
    assert server.got == [A, B, C]


def test_a_refused_recipient_fails_with_the_servers_words_and_holds_nobody(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    server.recipients[A] = "550 5.1.1 没有这个用户"

    run(clock)

    assert states(letter) == {A: State.FAILED, B: State.SENT, C: State.SENT}
    assert (one(A).fault, one(A).said) == ("refused", "550 5.1.1 没有这个用户")
    clock.on(days=30)
    assert run(clock) == {"sent": 0, "failed": 0, "waiting": 0}


def test_what_is_put_off_is_tried_again_later_and_later_and_then_given_up(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    server.recipients[A] = "451 4.7.1 greylisted"
    waits = []

    run(clock)
    while one(A).state == State.QUEUED:
        waits.append(one(A).next_at - clock.now)
        run(clock)
        clock.now = one(A).next_at
        run(clock)

    assert tuple(waits) == PUT_OFFS
    assert server.tried == {A: 10, B: 1, C: 1}
    assert (one(A).state, one(A).said) == (State.FAILED, "451 4.7.1 greylisted")


def test_what_was_put_off_goes_when_the_server_takes_it(letter: Letter, server: MailServer, clock: Clock) -> None:
    server.recipients[A] = "450 4.2.1 mailbox busy"
    run(clock)
    server.recipients.clear()
    clock.on(minutes=1)

    run(clock)

    assert server.got == [B, C, A]
    assert (one(A).state, one(A).fault, one(A).said) == (State.SENT, "", "")


@pytest.mark.parametrize(("answer", "state"), [("554 5.7.1 spam", State.FAILED), ("452 4.3.1 disk full", State.QUEUED)])
def test_an_answer_to_the_text_counts_as_one_to_the_recipient(letter: Letter, server: MailServer, clock: Clock, answer: str, state: str) -> None:  # fmt: skip
    server.texts[A] = answer

    run(clock)

    assert states(letter) == {A: state, B: State.SENT, C: State.SENT}


def test_a_server_that_hangs_up_in_the_middle_holds_only_that_message(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    server.cut.add(A)

    run(clock)

    assert states(letter) == {A: State.QUEUED, B: State.SENT, C: State.SENT}
    assert one(A).fault == "cut_off"
    server.cut.clear()
    clock.on(minutes=1)
    run(clock)
    assert server.got == [B, C, A]


def test_where_the_answer_is_lost_the_second_has_the_same_number(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    server.lost.add(A)
    run(clock)
    server.lost.clear()
    clock.on(minutes=1)

    run(clock)

    first, second = (mail["Message-ID"] for mail in server.taken if mail["To"].addresses[0].addr_spec == A)
    assert first == second
    assert re.fullmatch(rf"<[0-9a-f]{{32}}\.{one(A).pk}@benxi\.gov\.cn>", first)
    assert len({mail["Message-ID"] for mail in server.taken}) == 3


def test_while_the_server_is_down_everything_waits_and_goes_when_it_is_back(letter: Letter, settle: Settle, clock: Clock) -> None:  # fmt: skip
    port, server = free_port(), MailServer()
    settle(port)
    waits = []
    for _ in range(6):
        run(clock)
        waits.append((one(A).next_at - clock.now).total_seconds() // 60)
        clock.now = one(A).next_at
    assert waits == [1, 5, 15, 60, 60, 60]
    assert set(states(letter).values()) == {State.QUEUED}
    assert (one(A).fault, one(A).put_off) == ("down", 0)

    with serving(server, port):
        assert run(clock) == {"sent": 3, "failed": 0, "waiting": 0}

    assert server.got == [A, B, C]


def test_a_server_that_says_nothing_is_left_after_the_timeout(letter: Letter, settle: Settle, clock: Clock, settings: object) -> None:  # fmt: skip
    import socket

    settings.EMAIL_TIMEOUT = 0.1  # type: ignore[attr-defined]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settle(silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.1  # type: ignore[attr-defined]

        run(clock)

    assert (one(A).fault, one(A).state) == ("down", State.QUEUED)


def test_a_sender_that_is_not_taken_is_a_matter_of_the_settings_and_nothing_is_given_up(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    server.sender = "553 5.7.1 not owned by you"
    for _ in range(12):
        run(clock)
        clock.on(hours=1)
    assert {(m.state, m.fault) for m in letter.messages.exclude(address="")} == {(State.QUEUED, "sender")}
    server.sender = ""

    assert run(clock)["sent"] == 3


def test_without_a_server_messages_wait_and_no_work_is_made_for_them(letter: Letter, clock: Clock) -> None:
    Job.objects.all().delete()

    assert run(clock) == {"sent": 0, "failed": 0, "waiting": 3}
    assert not Job.objects.exists()


def test_the_work_goes_on_when_the_next_message_is_due_and_is_queued_once(letter: Letter, server: MailServer, clock: Clock) -> None:  # fmt: skip
    Job.objects.all().delete()
    server.recipients |= {A: "451 later", B: "451 later"}

    run(clock)
    run(clock)

    assert list(Job.objects.values_list("kind", "run_after")) == [("post.send", clock.now + timedelta(minutes=1))]


def test_a_process_that_falls_while_it_sends_leaves_a_message_that_goes_later(letter: Letter, server: MailServer, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    class Killed(BaseException):
        """What a kill -9 is to a process."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_tried", killed)
        with pytest.raises(Killed):
            run(clock)
    assert (one(A).state, one(A).attempts) == (State.QUEUED, 1)

    run(clock)
    assert server.got == [B, C]
    clock.on(minutes=10)
    run(clock)
    assert server.got == [B, C, A]


def test_no_log_holds_a_text_a_name_or_an_address(letter: Letter, server: MailServer, clock: Clock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    caplog.set_level(0, logger="django")
    caplog.set_level(0, logger="kaohe")
    server.recipients[A] = "550 no such user"
    server.cut.add(B)

    run(clock)

    told = "".join(record.getMessage() for record in caplog.records) + "".join(capfd.readouterr())
    assert not any(word in told for word in ("王五", "提醒", A, B))


def test_two_workers_do_not_send_the_same_message(letter: Letter, server: MailServer, clock: Clock) -> None:
    first, second = send_due(clock), send_due(clock)
    next(first)
    next(second)

    for steps in (first, second):
        list(steps)

    assert sorted(server.got) == [A, B, C]


def test_what_is_dropped_while_it_waits_does_not_go(letter: Letter, server: MailServer, clock: Clock) -> None:
    steps = send_due(clock)
    next(steps)
    Message.objects.filter(address=B).update(state=State.DROPPED, next_at=None)

    list(steps)

    assert server.got == [A, C]


def secured(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's side of TLS with a certificate of the office's own authority, and the authority's file."""
    certificate, key = certificates.make(folder, "考核", ["127.0.0.1"], timezone.now())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, str(folder / "ca.crt")


def test_starttls_with_the_offices_own_authority_and_a_login(letter: Letter, settle: Settle, clock: Clock, tmp_path: Path) -> None:  # fmt: skip
    tls, authority = secured(tmp_path)
    server = MailServer()
    with serving(server, tls=tls, login=True) as port:
        settle(port, tls=True, user="kaohe", password="correct horse", ca=authority)

        run(clock)

    assert server.got == [A, B, C]
    assert server.secure == [True] * 3
    assert server.users == ["kaohe"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(letter: Letter, settle: Settle, clock: Clock, tmp_path: Path) -> None:  # fmt: skip
    tls, _ = secured(tmp_path)
    server = MailServer()
    with serving(server, tls=tls) as port:
        settle(port, tls=True)

        run(clock)

    assert (server.taken, one(A).fault) == ([], "down")
    assert "CERTIFICATE_VERIFY_FAILED" in one(A).said


def test_a_wrong_password_waits_to_be_mended(letter: Letter, settle: Settle, clock: Clock, tmp_path: Path) -> None:
    tls, authority = secured(tmp_path)
    with serving(MailServer(), tls=tls, login=True) as port:
        settle(port, tls=True, user="kaohe", password="wrong", ca=authority)

        run(clock)

    assert {(m.state, m.fault) for m in letter.messages.exclude(address="")} == {(State.QUEUED, "login")}
    assert one(A).said.startswith("535 ")

"""Whom a letter goes to: addresses, telephones and languages, as the registers have them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from kaohe.web.accounts.models import User
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Person
from kaohe.web.post.models import Letter, LetterState, Message
from kaohe.web.post.texts import Texts


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to, and what is said to this one alone.

    address: empty where there is none that mail can reach; wrong: what stands in the register in its place.
    """

    name: str
    person: int | None = None
    user: int | None = None
    address: str = ""
    phone: str = ""
    language: str = "zh"
    facts: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is to be written: to whom, which texts, and what it is about."""

    to: Sequence[Recipient]
    texts: Texts
    about: str = ""
    told: dict[str, object] = field(default_factory=dict)


def known(people: Collection[int]) -> dict[int, Recipient]:
    """Return people as recipients, by their keys, in the order of their codes, with two queries.

    Who has an account reads the language that was chosen there.
    """
    accounts = User.objects.filter(person__in=people, is_active=True).order_by("pk")
    languages = {person: language for person, language in accounts.values_list("person", "language") if language}
    rows = Person.objects.filter(pk__in=people).order_by("code", "pk").values_list("pk", "name", "email", "phone")
    found = {}
    for pk, name, email, phone in rows:
        address = usable(email)
        wrong = "" if address else email.strip()
        found[pk] = Recipient(name, pk, None, address, phone, languages.get(pk, "zh"), "", wrong)
    return found


def usable(address: str) -> str:
    """Return an address that mail can reach; empty where it is none.

    >>> usable(" zhang.san@benxi.gov.cn "), usable("张三@benxi.gov.cn"), usable("a@b.cn\\nBcc: c@d.cn")
    ('zhang.san@benxi.gov.cn', '', '')
    """
    text = address.strip()
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def draft(by: User, what: Draft, now: datetime) -> tuple[Letter, bool]:
    """Write a letter that waits for its sender's look, as `message:draft`; True where it was made now.

    Where the sender has a draft about the same already, it stays as it is and is returned.
    """
    try:
        with change(by.username, now) as log:
            letter = Letter.objects.create(
                by=by, about=what.about, made_at=now,
                subject_zh=what.texts.subject_zh, body_zh=what.texts.body_zh,
                subject_en=what.texts.subject_en, body_en=what.texts.body_en,
            )  # fmt: skip
            Message.objects.bulk_create([_message(letter, one) for one in what.to])
            log.says("message:draft", f"letter {letter.pk}", {"count": len(what.to), **what.told})
    except IntegrityError:
        open_one = Letter.objects.filter(by=by, about=what.about, state=LetterState.DRAFT).first()
        if not what.about or open_one is None:
            raise
        return open_one, False
    return letter, True


def _message(letter: Letter, to: Recipient) -> Message:
    return Message(
        letter=letter, person_id=to.person, user_id=to.user, name=to.name, address=to.address, phone=to.phone,
        language=to.language, facts=to.facts, fault="address" if to.wrong else "", said=to.wrong,
    )  # fmt: skip

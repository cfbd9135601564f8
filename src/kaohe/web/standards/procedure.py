"""Keeping a version of a standard, removing one that nobody used, freezing one for ever; journalled."""

from datetime import datetime

from django.db import IntegrityError

from kaohe.standard.files import StandardFile, read_standard
from kaohe.web.accounts.models import User
from kaohe.web.journal.append import change
from kaohe.web.organisation.models import Unit
from kaohe.web.standards.models import StandardVersion


class VersionTaken(Exception):
    """Raised where an authority has another file under the same name and version: a version never changes."""

    def __init__(self, there: StandardVersion) -> None:
        super().__init__(str(there))
        self.there = there


def add(authority: Unit, file: StandardFile, user: User, now: datetime) -> tuple[StandardVersion, bool]:
    """Keep a standard (`checking.checked`) as a version of an authority; return it, and whether it is new.

    The same bytes once more are the version that is there. Raises VersionTaken.
    """
    there = _same_version(authority, file)
    if there is None:
        try:
            return _make(authority, file, user, now), True
        except IntegrityError:  # somebody was faster, or the same form came twice
            there = _same_version(authority, file)
            if there is None:
                raise
    if there.digest != file.digest:
        raise VersionTaken(there)
    return there, False


def take(authority: Unit, name: str, user: User, now: datetime) -> tuple[StandardVersion, bool]:
    """Keep a standard of the program's library as a version of an authority; as `add`."""
    return add(authority, read_standard(name), user, now)


def remove(version: StandardVersion, user: User, now: datetime) -> bool:
    """Remove a version that was never used; False where a round rests on it, or it is gone."""
    with change(user.username, now) as log:
        found = StandardVersion.objects.select_for_update(of=("self",)).select_related("authority")
        held = found.filter(pk=version.pk).first()
        if held is None or is_used(held):
            return False
        held.delete()
        log.says("standard:remove", f"standard {version.pk}", _told(held))
    return True


def freeze(version: StandardVersion, now: datetime) -> None:
    """Freeze a version from its first use on, for ever; one that is frozen stays as it is.

    To be called in the transaction that opens a round under it.
    """
    StandardVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now)


def is_used(version: StandardVersion) -> bool:
    """Whether a version is frozen, or a round rests on it."""
    return version.frozen_at is not None or version.rounds.exists()


def _same_version(authority: Unit, file: StandardFile) -> StandardVersion | None:
    standard = file.standard
    found = StandardVersion.objects.filter(authority=authority, name=standard.id, version=standard.version)
    return found.defer("content").first()


def _make(authority: Unit, file: StandardFile, user: User, now: datetime) -> StandardVersion:
    standard = file.standard
    with change(user.username, now) as log:
        made = StandardVersion.objects.create(
            authority=authority, name=standard.id, version=standard.version, title_zh=standard.title.zh,
            title_en=standard.title.en, file_name=file.name, content=file.content, digest=file.digest,
            added_by=user, added_at=now,
        )  # fmt: skip
        log.says("standard:add", f"standard {made.pk}", _told(made))
    return made


def _told(version: StandardVersion) -> dict[str, object]:
    return {
        "authority": version.authority.code, "name": version.name, "version": version.version, "digest": version.digest,
    }  # fmt: skip

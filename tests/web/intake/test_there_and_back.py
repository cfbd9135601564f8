"""A city goes in through the intake, comes out as a folder, and goes into an empty authority: always the same results."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from kaohe.city import assess
from kaohe.ledger.synthesis import synthesise
from kaohe.web.accounts.models import User
from kaohe.web.accounts.roles import Role
from kaohe.web.organisation.models import Unit
from kaohe.web.rounds.models import Round
from kaohe.web.training.figures import figures_of
from tests.web.city import City, account, unit
from tests.web.intake.ledgers import folder_zipped, settled
from tests.web.intake.sending import sent
from tests.web.training.loaded import round_at
from tests.web.training.test_round_trip import CRITERIA, results_of


@dataclass(frozen=True)
class Office:
    """An authority without units and people, and its office's browser."""

    code: str
    client: Client

    def opens(self, kind: str) -> Round:
        """Open a round over the units that are there."""
        return round_at(
            Unit.objects.get(code=self.code), User.objects.get(username=f"founder-{self.code.lower()}"), kind
        )


def founded(code: str) -> Office:
    user = account(
        f"founder-{code.lower()}", Role.OFFICE, unit(code, None, name=f"{code}公训办", is_authority=True, peer_group="")
    )
    client = Client()
    client.force_login(user)
    return Office(code, client)


def brought_in(office: Office, content: bytes, kind: str) -> Round:
    """Bring a zipped city folder in for a round."""
    a_round = office.opens(kind)
    found = sent(office.client, content, "city", office.code, name="city.zip", round=a_round.pk)
    assert found.state == "ready", found.faults
    assert settled(office.client, found).state == "confirmed"
    return a_round


def taken_out(office: Office, a_round: Round) -> bytes:
    """Export a round as its office does."""
    answer = office.client.post(reverse("round-export", args=[a_round.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def shown(a_round: Round) -> dict[str, tuple[object, ...]]:
    """What a round comes to in the web, by unit: the figures, and every score under the engine's rules."""
    figures = figures_of(a_round)
    return {
        one.unit.code: (
            figures[one.unit.code].headcount, dict(figures[one.unit.code].measures), one.total, one.rank,
            [(score.criterion.id, score.score, score.source, score.measured) for score in one.criteria],
        )
        for one in results_of(a_round)
    }  # fmt: skip


def computed(folder: Path, kind: str, year: int) -> dict[str, tuple[object, ...]]:
    """The same as `kaohe assess` computes it from a folder."""
    return {
        one.unit.code: (
            one.unit.headcount, dict(one.unit.metrics), one.total, one.rank,
            [(score.criterion.id, score.score, score.source, score.measured) for score in one.criteria],
        )
        for one in assess(folder, kind=kind, year=year).units
    }  # fmt: skip


def goes_there_and_back(folder: Path, kind: str, aside: Path) -> None:
    first = founded("C01")
    a_round = brought_in(first, folder_zipped(folder), kind)
    expected = computed(folder, kind, a_round.year)
    assert shown(a_round) == expected

    content = taken_out(first, a_round)
    assert computed(unpacked(content, aside / "out"), kind, a_round.year) == expected

    second = founded("C02")
    again = brought_in(second, content, kind)
    assert shown(again) == expected
    assert taken_out(second, again) == content


@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_examples_go_there_and_back(city: City, examples: Path, tmp_path: Path, kind: str) -> None:
    goes_there_and_back(examples / "small-city", kind, tmp_path)


@pytest.mark.parametrize("kind", ["annual", "half_year"])
def test_the_examples_have_their_expected_results(city: City, examples: Path, kind: str) -> None:
    office = founded("C01")
    a_round = brought_in(office, folder_zipped(examples / "small-city"), kind)
    expected = json.loads((examples / f"small-city.{kind}.json").read_text("utf-8"))

    by_code = {one["code"]: one for one in expected["units"]}
    for one in results_of(a_round):
        wanted = by_code[one.unit.code]
        assert [one.unit.headcount, str(one.total) if one.total is not None else None, one.rank] == [
            wanted["headcount"], wanted["total"], wanted["rank"],
        ]  # fmt: skip
        assert [str(score.score) if score.score is not None else None for score in one.criteria] == [
            row["score"] for row in wanted["criteria"]
        ]
        page = office.client.get(
            reverse("standing", args=[a_round.pk, Unit.objects.get(authority__code="C01", code=one.unit.code).pk])
        )
        for row in wanted["criteria"]:
            if row["kind"] == "measured" and row["measured"] is not None:
                assert row["measured"] in page.content.decode(), (one.unit.code, row["id"])


def test_a_whole_city_goes_there_and_back(city: City, tmp_path: Path) -> None:
    synthesise(tmp_path / "city", criteria=CRITERIA, seed=2010)

    goes_there_and_back(tmp_path / "city", "annual", tmp_path)

"""What a folder calls the former stays of somebody who moved, so that a folder that comes back is understood.

In a folder each stay has a row of `people` and an id: the last the person's own, a former one an id that is made up of it
and of the posting (`P7~12`; `scope.py` writes it in SQL). In the ledger a record is the person's, whatever the stay: that
is told by the record's day.
"""

from kaohe.ledger.cells import normal
from kaohe.web.organisation.models import Person, Posting, Unit


def former_id(person: str, posting: int) -> str:
    """Return the id of a former stay."""
    return f"{person}~{posting}"


def former_stays(authority: Unit) -> dict[str, str]:
    """Return the ids of all former stays, each with the person's own; an id that somebody bears stands for nobody else."""
    last = dict[str, int]()
    stays = dict[str, str]()
    postings = Posting.objects.filter(person__authority=authority).order_by("pk").values_list("pk", "person__code")
    for pk, code in postings.iterator():
        person = normal(code)
        if person in last:
            stays[former_id(person, last[person])] = person
        last[person] = pk
    for (code,) in Person.objects.filter(authority=authority, code__contains="~").values_list("code"):
        stays.pop(normal(code), None)
    return stays

"""The matrix read from `docs/permissions.yaml`, and the page of the documentation that is rendered from it.

`python -m tests.web.permissions.matrix` writes `docs/permissions.md`.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

DOCS = Path(__file__).parents[3] / "docs"
ROLES = (
    "office", "officer", "leader", "inspector", "reviewer", "academy", "civil_servant", "auditor", "system", "security",
)  # fmt: skip
RELATIONS = ("own", "child", "sibling", "parent", "foreign")
METHODS = ("GET", "POST")
RELATED = (
    "unit", "person", "account", "membership", "import", "job", "standard", "round", "round-unit", "round-unit-criterion",
    "letter", "message", "notice", "round-person",
)  # fmt: skip
"""The objects that belong to a unit, or to somebody; a `round-unit` is one of the units of the parent's round, a `round-person` is
of a round of the person's own authority."""


@dataclass(frozen=True)
class Line:
    """A page and a method: to whom it opens. `allowed` holds (role, relation); the relation is empty without an object."""

    page: str
    of: str
    method: str
    public: bool
    allowed: frozenset[tuple[str, str]]

    @property
    def relations(self) -> tuple[str, ...]:
        """The relations that an object of this page can have."""
        return RELATIONS if self.related else ("",)

    @property
    def related(self) -> bool:
        """Whether its object belongs to a unit, or to somebody."""
        return self.of in RELATED


def lines() -> list[Line]:
    """Read the matrix."""
    pages = yaml.safe_load((DOCS / "permissions.yaml").read_text(encoding="utf-8"))["pages"]
    return [_line(page, method) for page in pages for method in METHODS if method in page]


def _line(page: dict[str, object], method: str) -> Line:
    of, who = str(page.get("of", "")), page[method]
    if isinstance(who, dict):
        pairs = {
            (role, relation)
            for role, named in who.items()
            for relation in (RELATIONS if named == "all" else named.split())
        }
    else:
        relations = RELATIONS if of in RELATED else ("",)
        roles = ROLES if who in ("anyone", "signed-in") else who
        pairs = {(role, relation) for role in roles for relation in relations}  # type: ignore[union-attr]
    return Line(str(page["page"]), of, method, who == "anyone", frozenset(pairs))


def rendered() -> str:
    """Return the page of the documentation."""
    head = [
        "# Who may open which page", "",
        "Rendered from `permissions.yaml`; the suite walks every line with every role and every relation.", "",
        "A cell names the objects that a role reaches, by the relation of their unit to its own: **own**, **child** (any",
        "unit below), **sibling**, **parent**, **foreign** (another authority's); **all** is every one, **✓** a page without",
        "an object. What a role may not open is answered like what is not there: 404.", "",
        "| page | method | " + " | ".join(role.replace("_", " ") for role in ROLES) + " |",
        "|---|---|" + "---|" * len(ROLES),
    ]  # fmt: skip
    return "\n".join([*head, *(_row(line) for line in lines())]) + "\n"


def _row(line: Line) -> str:
    if line.public:
        return f"| `{line.page}` | {line.method} | before sign-in too |" + " |" * (len(ROLES) - 1)
    return f"| `{line.page}` | {line.method} | " + " | ".join(_cell(line, role) for role in ROLES) + " |"


def _cell(line: Line, role: str) -> str:
    found = [relation for relation in line.relations if (role, relation) in line.allowed]
    if not found:
        return "–"
    return "✓" if found == [""] else "all" if len(found) == len(RELATIONS) else " ".join(found)


if __name__ == "__main__":
    (DOCS / "permissions.md").write_text(rendered(), encoding="utf-8", newline="\n")

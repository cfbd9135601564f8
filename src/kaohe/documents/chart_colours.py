"""The classes of a chart turned into colours, for pictures outside a page: a PDF, a Word file.

The values are the light ones of `layout/report.css`; a test keeps the two together.
"""

import re

COLOURS = {
    "track": "#e9e5dc", "navy": "#1c4077", "mid": "#6f8fbe", "red": "#b3121d", "ink": "#1c1a17", "paper": "#fbfaf7",
    "d1": "#eef2f8", "d2": "#d3deee", "d3": "#a9bfde", "d4": "#44689f", "d5": "#1c4077", "grid": "#e1dcd2",
    "axis": "#1c1a17", "on": "#ffffff", "text": "#4a463f",
}  # fmt: skip


def standalone(svg: str, *, font: str = "Noto Sans SC", size: int = 12) -> str:
    """Return a chart as an SVG file's text: colours and font in attributes, the namespace declared."""
    coloured = re.sub(r' class="([^"]*)"', lambda found: _attributes(found[1].split()), svg)
    root = f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{font}" font-size="{size}" fill="{COLOURS["text"]}"'
    return coloured.replace("<svg", root, 1)


def _attributes(classes: list[str]) -> str:
    return "".join(_attribute(*name.split("-", 1)) for name in classes if "-" in name)


def _attribute(kind: str, name: str) -> str:
    if kind == "k":
        return f' stroke="{COLOURS[name]}"'
    if kind == "t":
        weight = ' font-weight="700"' if name == "b" else ""
        return f' fill="{COLOURS[name if name in ("on", "red") else "ink"]}"{weight}'
    return f' fill="{COLOURS[name]}"'

"""What a tree of units would not bear, seen as it will be once a file was confirmed."""

from collections.abc import Iterator, Mapping

from kaohe.web.training.rows import Image, Row, Wrong


def wrongs_of_tree(images: Mapping[str, Image], heard: Mapping[str, Row], top: str, *, own: bool) -> Iterator[Wrong]:
    """Tell the circles, the superiors that keep units of their own, and the flags that would cut a tree in two.

    images: what is there; heard: what the file says; top: the authority's code; own: whether that is the authority's
    own entry and not that of a unit with the same code.
    """
    after = {key: row.after or {} for key, row in heard.items()}
    final = {**images, **after}
    parents = {key: image["parent"] for key, image in final.items()}
    above = {image["parent"] for key, image in images.items()}
    for key, row in heard.items():
        if own and key == top:
            yield from _wrongs_of_own(row)
            continue
        before, parent = row.before or {}, parents[key]
        if parent != top and final.get(parent, {}).get("authority") == "yes":
            yield Wrong("parent_keeps_units", row.n, "parent", parent, {"wanted": top})
        elif before.get("parent") != parent and _leads_back(key, parents, top):
            yield Wrong("parent_circle", row.n, "parent", parent, {"wanted": key})
        if (
            row.before
            and before["authority"] != after[key]["authority"]
            and (key in above or before["authority"] == "yes")
        ):
            yield Wrong("authority_fixed", row.n, "authority", after[key]["authority"])


def _wrongs_of_own(row: Row) -> Iterator[Wrong]:
    before, after = row.before or {}, row.after or {}
    if after["authority"] != before["authority"]:
        yield Wrong("authority_fixed", row.n, "authority", after["authority"])
    if after["parent"] != before["parent"]:
        yield Wrong("own_parent_fixed", row.n, "parent", after["parent"], {"wanted": before["parent"]})


def _leads_back(key: str, parents: Mapping[str, str], top: str) -> bool:
    """Whether the way up from a unit comes back to it."""
    here, seen = parents[key], set[str]()
    while here in parents and here != top and here not in seen:
        if here == key:
            return True
        seen.add(here)
        here = parents[here]
    return False

"""Where the letterhead's title may break: between words that belong together, never inside them."""

ENDS = ("公务员", "机关", "人员", "干部", "职工", "单位", "部门", "系统", "工作")
"""What a first line may end with, the better ones first."""
LEAST = 4
"""The fewest characters of a line."""


def letterhead(title: str) -> tuple[str, ...]:
    """Return the parts of a title that stay whole when it has to break; a space in it decides.

    >>> letterhead("本溪市行政机关公务员基本功训练考核")
    ('本溪市行政机关公务员', '基本功训练考核')
    >>> letterhead("清河市 训练考核")
    ('清河市', '训练考核')
    """
    if " " in title:
        return tuple(title.split())
    for end in ENDS:
        at = title.rfind(end) + len(end)
        if LEAST <= at <= len(title) - LEAST:
            return title[:at], title[at:]
    return (title,)

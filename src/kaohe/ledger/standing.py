"""Who stands behind a unit's metrics: persons, trainees, seats and entries of a round, as portable SQL.

The texts run under the same bound names as `metrics.sql` and decide nothing anew: summed over a unit they give its row
there, which a test holds on every engine.
"""

from importlib import resources
from typing import Literal

Facts = Literal["people", "classes", "seats", "contests"]


def facts_sql(facts: Facts) -> str:
    """Return the text of one of the queries, which runs unchanged on every engine."""
    return resources.files("kaohe.ledger").joinpath(f"{facts}.sql").read_text("utf-8")

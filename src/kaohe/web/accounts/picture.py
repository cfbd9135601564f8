"""What the page of an account shows, and the picker of units in its forms."""

from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from kaohe.web.accounts.management_forms import NewAccountForm, PostForm, role_groups
from kaohe.web.accounts.models import User
from kaohe.web.accounts.queries import account_card, choosable, history_of, open_link_of


def account_picture(user: User, now: datetime) -> dict[str, Any]:
    """Return an account, its history and its open link."""
    return {
        "card": account_card(user, localdate(now)),
        "history": history_of(user, 20),
        "link_until": open_link_of(user, now),
        "today": localdate(now).isoformat(),
    }


def picker(form: PostForm | NewAccountForm, day: date) -> dict[str, Any]:
    """Return roles and units to choose from; what was searched narrows the units, what was chosen stays among them."""
    words, chosen = str(form["unit_words"].value() or "").replace("\0", "").strip(), str(form["unit"].value() or "")
    units, more = choosable(form.units, words, day)
    return {
        "units": [(str(unit.pk), f"{unit.name}（{unit.code}）") for unit in units],
        "more_units": more,
        "no_units": not units,
        "chosen_unit": chosen or (str(units[0].pk) if words and len(units) == 1 else ""),
        "role_groups": role_groups(form.roles),
    }

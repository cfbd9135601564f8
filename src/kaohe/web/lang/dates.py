"""Days and hours in words."""

from datetime import date, datetime

from django.utils import timezone

from kaohe.web.lang.choice import say


def day_text(day: date) -> str:
    """Write a day without its year: 7月31日, 31 Jul."""
    return say(f"{day.month}月{day.day}日", f"{day.day} {day:%b}")


def full_day_text(day: date) -> str:
    """Write a day with its year: 2010年7月31日, 31 July 2010."""
    return say(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


def moment_text(at: datetime) -> str:
    """Write a moment in the deployment's time zone, to the minute: 2010-07-31 15:02."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

"""Loads the work of every app."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class JobsConfig(AppConfig):
    """Jobs; once all apps are there, their modules `work` register their kinds."""

    name = "kaohe.web.jobs"

    def ready(self) -> None:
        """Load every app's `work` module."""
        for app in apps.get_app_configs():
            if app.name.startswith("kaohe.") and find_spec(f"{app.name}.work"):
                import_module(f"{app.name}.work")

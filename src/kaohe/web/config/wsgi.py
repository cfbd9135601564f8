"""The application as a server takes it; the process that serves it ends when the one that started it is gone."""

import multiprocessing
import os
import threading

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from kaohe.web.config.scratch import use_scratch


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


threading.Thread(target=_end_with_parent, daemon=True).start()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.web.config.settings")
application = get_wsgi_application()
use_scratch(settings.CONFIGURATION.home, timezone.now())

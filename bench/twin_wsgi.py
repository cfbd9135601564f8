"""The application of the bare twins."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "twin_settings"
application = get_wsgi_application()

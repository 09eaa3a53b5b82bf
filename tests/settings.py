"""The site's settings, over plain HTTP, with plain static files and quick passwords."""

import os
from pathlib import Path

os.environ["PLAIN_HTTP"] = "true"
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from training.settings import *  # noqa: F403
from training.settings import STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Hundreds of tests sign in from one address.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LANGUAGES = [("en", "English"), ("es", "Español")]

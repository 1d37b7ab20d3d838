"""The door for gunicorn. It asks what manage.py would ask: production with weak settings does not start."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from core.checks import refuse  # noqa: E402 - settings and apps have to be there first

refuse()

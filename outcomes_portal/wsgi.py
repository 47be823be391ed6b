"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outcomes_portal.settings")
application = get_wsgi_application()

# What is read once stays. Else Python looks through all of it for what may go, in the middle of
# every few requests, for a tenth of a second.
resolve("/")  # reads all addresses, and their pages with them
gc.collect()
gc.freeze()

#!/usr/bin/env python
"""Run the portal's commands: `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outcomes_portal.settings")
    execute_from_command_line(sys.argv)

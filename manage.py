#!/usr/bin/env python
"""Django's command line for this product.

A command uses DATABASE_URL when it is set, else the embedded servers of DATA_DIR: it attaches to them when they run,
and starts and stops them for itself when they do not.
"""

import os
import sys

from django.core.management import execute_from_command_line

from opss.embedded import commands

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opss.settings")
    with commands.servers_for(sys.argv):
        execute_from_command_line(sys.argv)

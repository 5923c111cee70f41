#!/usr/bin/env python3
"""Bring databases to the newest schema, as a container's first step; the same code as in the local stack.

`migrate.py SERVICE`: that service's database, at MADANG_DATABASE_URL, as its owner (Kubernetes: roles and databases are there already).
`migrate.py`: every service's role, database and schema, on the server at DATABASE_URL as its administrator; the roles get ROLES_PASSWORD.
"""

import asyncio
import os
import sys

from services.kit.migrations import migrate
from services.local.databases import ensure_all

if len(sys.argv) > 1:
    migrate(os.environ["MADANG_DATABASE_URL"], sys.argv[1])
else:
    asyncio.run(ensure_all(os.environ["DATABASE_URL"], os.environ["ROLES_PASSWORD"], print))

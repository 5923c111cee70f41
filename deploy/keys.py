#!/usr/bin/env python3
"""Make the signing key of a deployment and its public half, once: `keys.py FOLDER` writes FOLDER/keys/{signing.pem,jwks.json}."""

import sys

from services.local import keys
from services.local.layout import Layout

layout = Layout.of(sys.argv[1])
layout.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
keys.prepare(layout)

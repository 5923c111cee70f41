#!/usr/bin/env python3
"""Make the topics of the registry: `topics.py BOOTSTRAP PARTITIONS REPLICAS`. In Kubernetes Strimzi makes them (k8s/components/strimzi)."""

import asyncio
import sys

from services.kit import topics

bootstrap, partitions, replicas = sys.argv[1:]
for change in asyncio.run(topics.ensure(bootstrap, topics.standing(topics.read_registry()), int(partitions), int(replicas))):
    print(change.action, change.topic, change.detail)  # noqa: T201 - its answer

#!/usr/bin/env python3
# label: healthy
# class: monorepo
# judged by: exec --fixtures opslevel.yml --fixtures services/checkout/opslevel.yml --expect service:shopping_cart --expect service:checkout
# needs: python3
# Two services over one connection, each with an id of its own.
import datetime
import http.client
import json
import os
import urllib.parse

url = urllib.parse.urlsplit(os.environ["OPSLEVEL_INTEGRATION_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
run = os.environ.get("CI_PIPELINE_ID", str(os.getpid()))
for service in ("shopping_cart", "checkout"):
    deploy = {
        "service": service,
        "deployer": {"name": "release train"},
        "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "description": f"Deploy of {service}",
        "environment": "Production",
        "dedup_id": f"{run}-{service}-Production",
    }
    connection.request("POST", url.path, json.dumps(deploy), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = json.load(answer)
    if answer.status != 202 or body["result"] != "ok":
        raise SystemExit(f"OpsLevel answered {answer.status} {body}")

#!/usr/bin/env python3
# label: healthy
# class: hostile values
# judged by: probe --system github --value double-quote --value newline --value backslash --value emoji --value leading-dash
# needs: python3
# The message of the push from the event's file, through json.dumps.
import json
import os
import time
import urllib.request

with open(os.environ["GITHUB_EVENT_PATH"], encoding="utf-8") as f:
    event = json.load(f)
deploy = {
    "service": "shopping_cart",
    "deployer": {"name": os.environ.get("GITHUB_ACTOR") or "nobody"},
    "deployed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "description": "Run " + os.environ.get("GITHUB_RUN_NUMBER", "0"),
    "commit": {"message": event["head_commit"]["message"]},
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()

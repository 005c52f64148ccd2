#!/usr/bin/env python3
# label: healthy
# class: dedup over runs
# judged by: probe --rerun --no-values
# needs: python3
# A random id is never one that was there before.
import datetime
import json
import os
import urllib.request
import uuid

deploy = {
    "service": "shopping_cart",
    "deployer": {"name": "python"},
    "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    "description": os.environ.get("CI_COMMIT_TITLE", "Deployed"),
    "environment": os.environ.get("ENVIRONMENT", "Production"),
    "dedup_id": str(uuid.uuid4()),
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()

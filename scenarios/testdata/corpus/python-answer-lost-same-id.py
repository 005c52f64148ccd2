#!/usr/bin/env python3
# label: healthy
# class: retry
# judged by: exec --times 1
# through: answer-lost
# needs: python3
# The answer is lost after OpsLevel had the deploy. The sender comes again with the same id, and OpsLevel drops the second.
import datetime
import json
import os
import urllib.error
import urllib.request
import uuid

deploy = {
    "service": "shopping_cart",
    "deployer": {"name": "ci"},
    "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    "description": "Deployed by ci",
    "environment": "Production",
    "dedup_id": str(uuid.uuid4()),
}
request = urllib.request.Request(
    os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
)
for attempt in range(3):
    try:
        urllib.request.urlopen(request, timeout=20).read()
        break
    except (urllib.error.URLError, ConnectionError, OSError) as err:
        print("attempt", attempt + 1, err)
else:
    raise SystemExit("OpsLevel cannot be reached")

#!/usr/bin/env python3
# label: healthy
# class: python
# judged by: exec --expect 'service:shopping_cart deployer:"Michael Scott"'
# needs: python3
# urllib with a payload like that of OpsLevel's page; its dates have no zone.
import datetime
import json
import os
import urllib.request
import uuid

now = datetime.datetime.utcnow()
deploy = {
    "dedup_id": str(uuid.uuid4()),
    "service": "shopping_cart",
    "deployer": {"email": "michael@acme.test", "name": "Michael Scott"},
    "deployed_at": str(now),
    "environment": "Production",
    "description": "Déployé par la CI 🚀",
    "deploy_number": 234,
    "commit": {"sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "message": "Merge \"fix\" into 'main'\n\nand more"},
}
request = urllib.request.Request(
    os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
)
with urllib.request.urlopen(request, timeout=20) as answer:
    assert json.load(answer)["result"] == "ok"

#!/usr/bin/env python3
# label: healthy
# class: python
# judged by: exec
# needs: python3
# A client that sends every field, the unset ones as blanks, and the year 1 for a date it does not know.
import json
import os
import time
import urllib.request

deploy = {
    "service": "shopping_cart",
    "deployer": {"id": "", "email": "ci@acme.test", "name": ""},
    "deployed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "environment": "",
    "description": "Deployed",
    "deploy_url": "",
    "deploy_number": "",
    "commit": {"sha": "", "message": "", "date": "0001-01-01T00:00:00Z", "authoring_date": "0001-01-01T00:00:00Z"},
    "dedup_id": "",
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()

#!/usr/bin/env python3
# label: defect
# class: wrong environment
# judged by: exec
# finding: field.unknown
# says: did you mean environment?
# needs: python3
# OpsLevel ignores a key that it does not know.
import json
import os
import time
import urllib.request

deploy = {
    "service": "shopping_cart",
    "deployer": {"name": "python"},
    "deployed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "description": "Deployed",
    "enviroment": "Production",
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()

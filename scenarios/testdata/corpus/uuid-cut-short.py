#!/usr/bin/env python3
# label: defect
# class: wrong uuid
# judged by: exec
# finding: silent.unknown_integration
# says: It is 35 characters long, and a uuid has 36
# needs: python3
# The last character was lost when the URL was copied into the secret.
import json
import os
import urllib.error
import urllib.request

deploy = {"service": "shopping_cart", "deployer": {"name": "x"}, "deployed_at": "2026-01-31T16:20:00Z", "description": "x"}
try:
    urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"][:-1], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    )
except urllib.error.HTTPError as err:
    print("OpsLevel answered", err.code)

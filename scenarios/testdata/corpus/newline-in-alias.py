#!/usr/bin/env python3
# label: defect
# class: unknown alias
# judged by: exec
# finding: silent.unknown_alias
# says: "shopping_cart\n"
# needs: python3
# The alias is read from a file, with the line break at its end.
import json
import os
import time
import urllib.request

with open("service.txt", "w") as f:
    print("shopping_cart", file=f)
deploy = {
    "service": open("service.txt").read(),
    "deployer": {"name": "python"},
    "deployed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "description": "Deployed",
}
urllib.request.urlopen(
    urllib.request.Request(
        os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
    ),
    timeout=20,
).read()
print("deploy registered")

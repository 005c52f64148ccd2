#!/usr/bin/env python3
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# through: busy-once
# needs: python3
# One 503 from a load balancer, an exception that is printed, and a green job.
import json
import os
import time
import urllib.request

deploy = {
    "service": "shopping_cart",
    "deployer": {"name": "python"},
    "deployed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    "description": "Deployed",
}
try:
    urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    )
except Exception as err:
    print("could not report the deploy:", err)

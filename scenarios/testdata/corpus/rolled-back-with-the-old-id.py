#!/usr/bin/env python3
# label: defect
# class: dropped duplicate
# judged by: exec
# finding: silent.duplicate
# says: OpsLevel does not learn of the way back
# needs: python3
# The old run is run again to go back, and has its old id: OpsLevel goes on showing the version that was taken away.
import datetime
import json
import os
import urllib.request

first, second = "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "06244d551462830d77613dbc2e356e1e31642bc4"
for sha in (first, second, first):
    deploy = {
        "service": "shopping_cart",
        "deployer": {"name": "ci"},
        "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "description": f"Deploy of {sha[:8]}",
        "environment": "Production",
        "dedup_id": f"{os.getpid()}-{sha}-Production",
        "commit": {"sha": sha},
    }
    urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    ).read()

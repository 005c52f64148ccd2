#!/usr/bin/env python3
# label: healthy
# class: rollback
# judged by: exec --times 3
# needs: python3
# Forward, forward, and back to the first commit: three deploys, three ids.
import datetime
import json
import os
import urllib.request

first, second = "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5", "06244d551462830d77613dbc2e356e1e31642bc4"
for number, sha in enumerate((first, second, first), start=1):
    deploy = {
        "service": "shopping_cart",
        "deployer": {"name": "ci"},
        "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "description": f"Deploy of {sha[:8]}",
        "environment": "Production",
        "dedup_id": f"{os.getpid()}-{number}",
        "commit": {"sha": sha},
    }
    urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    ).read()

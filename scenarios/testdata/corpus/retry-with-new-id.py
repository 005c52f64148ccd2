#!/usr/bin/env python3
# label: defect
# class: recorded twice
# judged by: exec --times 1
# says: exactly 1
# through: answer-lost
# needs: python3
# The answer is lost, and each try makes an id of its own: OpsLevel has two deploys where there was one.
import datetime
import json
import os
import urllib.request
import uuid


def report():
    deploy = {
        "service": "shopping_cart",
        "deployer": {"name": "ci"},
        "deployed_at": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "description": "Deployed by ci",
        "environment": "Production",
        "dedup_id": str(uuid.uuid4()),
    }
    return urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    )


for attempt in range(3):
    try:
        report()
        break
    except OSError as err:
        print("attempt", attempt + 1, err)

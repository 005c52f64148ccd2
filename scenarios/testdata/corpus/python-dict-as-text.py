#!/usr/bin/env python3
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected body.broken_json
# says: is written with single quotes
# needs: python3
# str() of a dict looks like JSON.
import os
import urllib.error
import urllib.request

deploy = {"service": "shopping_cart", "deployer": {"name": "x"}, "deployed_at": "2026-01-31T16:20:00Z", "description": "x"}
try:
    urllib.request.urlopen(
        urllib.request.Request(
            os.environ["OPSLEVEL_INTEGRATION_URL"], str(deploy).encode(), {"Content-Type": "application/json"}
        ),
        timeout=20,
    )
except urllib.error.URLError:
    pass

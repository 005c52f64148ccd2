#!/usr/bin/env python3
# label: defect
# class: swallowed 400
# judged by: exec
# finding: silent.rejected
# says: Send deployer as an object with an email or a name.
# needs: python3
# deployer is an object, not a name. http.client raises nothing for a 400.
import http.client
import json
import os
import urllib.parse

url = urllib.parse.urlsplit(os.environ["OPSLEVEL_INTEGRATION_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
deploy = {"service": "shopping_cart", "deployer": "Michael Scott", "deployed_at": "2026-01-31T16:20:00Z", "description": "x"}
connection.request("POST", url.path, json.dumps(deploy), {"Content-Type": "application/json"})
print(connection.getresponse().read())

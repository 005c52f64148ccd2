#!/usr/bin/env python3
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected body.not_utf8
# says: bytes that are not UTF-8
# needs: python3
# A name in Latin-1.
import http.client
import os
import urllib.parse

url = urllib.parse.urlsplit(os.environ["OPSLEVEL_INTEGRATION_URL"])
connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
body = '{"service":"shopping_cart","deployer":{"name":"Zoë"},"deployed_at":"2026-01-31T16:20:00Z","description":"x"}'
connection.request("POST", url.path, body.encode("latin-1"), {"Content-Type": "application/json"})
connection.getresponse().read()

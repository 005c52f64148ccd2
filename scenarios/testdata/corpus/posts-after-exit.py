#!/usr/bin/env python3
# label: defect
# class: sent after the end
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# needs: python3
# The report is handed to a process of its own session. It comes when the job is over and its machine is gone.
import os
import subprocess
import sys

SENDER = """
import json, os, time, urllib.request
time.sleep(1.5)
deploy = {"service": "shopping_cart", "deployer": {"name": "x"}, "deployed_at": "2026-01-31T16:20:00Z", "description": "late"}
urllib.request.urlopen(urllib.request.Request(os.environ["OPSLEVEL_INTEGRATION_URL"], json.dumps(deploy).encode(),
    {"Content-Type": "application/json"}), timeout=5)
"""
subprocess.Popen(
    [sys.executable, "-c", SENDER],
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
)
print("reporting in the background")

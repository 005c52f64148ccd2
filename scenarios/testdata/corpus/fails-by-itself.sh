#!/usr/bin/env sh
# label: defect
# class: fails by itself
# judged by: exec
# exit: 22
# says: exit code 22 is the command's own
# needs: curl date
# --fail does what it should: the script fails, and exec hands its code on.
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'"}'

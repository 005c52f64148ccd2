#!/usr/bin/env sh
# label: defect
# class: swallowed 400
# judged by: exec
# finding: silent.rejected
# says: Send deployed_at as RFC 3339
# needs: curl date
# date +%s is no date to OpsLevel.
curl -s -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": '"$(date +%s)"', "description": "Deployed"}'

#!/usr/bin/env sh
# label: defect
# class: wrong uuid
# judged by: exec
# finding: silent.unknown_integration
# says: belongs to no integration
# needs: curl date
# The uuid of another account stands in the script; only the host comes from the variable.
host=${OPSLEVEL_INTEGRATION_URL%/integrations/*}
curl -s -H 'Content-Type: application/json' "$host/integrations/deploy/9ae54794-dfc5-4ac8-b1b5-78789f20f3f8" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

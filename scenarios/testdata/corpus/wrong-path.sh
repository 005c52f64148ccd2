#!/usr/bin/env sh
# label: defect
# class: wrong path
# judged by: exec
# finding: silent.wrong_path
# says: to a path where OpsLevel has no integration
# needs: curl date
# /integrations/deploys/ is not /integrations/deploy/.
url=$(printf %s "$OPSLEVEL_INTEGRATION_URL" | sed 's,/deploy/,/deploys/,')
curl -s -H 'Content-Type: application/json' "$url" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

#!/usr/bin/env sh
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# through: moved-301
# needs: curl date
# curl without -L is content with a 301, --fail or not.
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

#!/usr/bin/env sh
# label: defect
# class: variable not filled in
# judged by: exec
# finding: field.placeholder
# says: dedup_id arrived as "$GITHUB_RUN_ID"
# needs: curl date
# Between single quotes a shell fills in nothing: every run has the same id.
set -eu
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed", "dedup_id": "$GITHUB_RUN_ID"}'

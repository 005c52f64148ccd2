#!/usr/bin/env sh
# label: defect
# class: constant dedup
# judged by: probe --rerun --no-values --system github
# says: OpsLevel keeps the first deploy and drops every later one with a 202
# system: github
# needs: curl date
# One id a day: the second deploy of a day is dropped.
set -eu
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Run '"$GITHUB_RUN_NUMBER"'", "environment": "Production",
  "deploy_number": "'"$GITHUB_RUN_NUMBER"'", "dedup_id": "shopping_cart-'"$(date +%F)"'"}'

#!/usr/bin/env sh
# label: healthy
# class: status
# judged by: exec --expect 'service:shopping_cart status:failure'
# needs: curl date
# A deploy that failed and was rolled back is reported too, once, with its last status.
set -eu
status=success
false || status=failure
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Rolled back", "status": "'$status'"}'

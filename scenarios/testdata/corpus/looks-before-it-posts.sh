#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# Waits until the address answers at all, with a GET, and then reports.
set -eu
curl -sS -o /dev/null --retry 5 --retry-connrefused "$OPSLEVEL_INTEGRATION_URL"
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

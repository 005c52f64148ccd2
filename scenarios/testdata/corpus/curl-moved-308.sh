#!/usr/bin/env sh
# label: healthy
# class: redirect
# judged by: exec
# through: moved-308
# needs: curl date
# A redirect that keeps the method and the body.
set -eu
curl -fsSL -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" \
  -d '{"service": "shopping_cart", "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Moved"}'

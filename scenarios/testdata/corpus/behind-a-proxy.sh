#!/usr/bin/env sh
# label: healthy
# class: proxy
# judged by: exec
# needs: curl date
# The job's image sets a proxy for everything; exec tells its command to leave loopback alone.
set -eu
export http_proxy=http://proxy.invalid:3128 HTTP_PROXY=http://proxy.invalid:3128 ALL_PROXY=http://proxy.invalid:3128
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

#!/usr/bin/env bash
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# A changelog of two megabytes as commit message: curl asks with Expect: 100-continue before it sends it.
set -euo pipefail
{
  printf '{"service":"shopping_cart","deployer":{"name":"changelog"},"deployed_at":"%s","description":"Release 5.10","commit":{"message":"' "$(date -u +%FT%TZ)"
  head -c 2000000 /dev/zero | tr '\0' 'x'
  printf '"}}'
} > deploy.json
curl -fsS -H 'Content-Type: application/json' -H 'Expect: 100-continue' --data-binary @deploy.json "$OPSLEVEL_INTEGRATION_URL"

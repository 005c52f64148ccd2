#!/usr/bin/env sh
# label: healthy
# class: retry
# judged by: exec --expect service:shopping_cart --times 1
# through: busy-once
# needs: curl date
# A load balancer is busy once; curl comes again with the same payload.
set -eu
id="deploy-$$-$(date +%s)"
curl -fsS --retry 3 --retry-delay 1 -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{
  "service": "shopping_cart", "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
  "description": "Deployed by ci", "environment": "Production", "dedup_id": "'"$id"'"}'

#!/usr/bin/env sh
# label: healthy
# class: curl
# judged by: exec
# needs: curl date
# A payload that a build step wrote into a file.
set -eu
cat > deploy.json <<JSON
{
  "service": "shopping_cart",
  "deployer": {"name": "release-bot"},
  "deployed_at": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "environment": "Production",
  "description": "Deployed by the nightly release",
  "dedup_id": "nightly-$$-$(date +%s)"
}
JSON
curl --fail --silent --show-error -H 'Content-Type: application/json' -d @deploy.json "$OPSLEVEL_INTEGRATION_URL"

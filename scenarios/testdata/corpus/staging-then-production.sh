#!/usr/bin/env bash
# label: healthy
# class: two environments
# judged by: exec --expect environment:Staging --expect environment:Production
# needs: curl date
# Both environments in one run; the environment is a part of the id.
set -euo pipefail
report() {
  curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d @- <<JSON
{"service": "shopping_cart", "deployer": {"name": "pipeline"}, "deployed_at": "$(date -u +%FT%TZ)", "environment": "$1",
 "description": "Deploy of 5.10", "deploy_number": "510", "dedup_id": "${GITHUB_RUN_ID:-local-$$}-${GITHUB_RUN_ATTEMPT:-1}-$1",
 "commit": {"sha": "38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5"}}
JSON
}
report Staging
report Production

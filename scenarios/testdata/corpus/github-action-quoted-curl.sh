#!/usr/bin/env bash
# label: defect
# class: variable not filled in
# judged by: exec --type githubActions
# finding: silent.rejected field.placeholder
# says: param is missing or the value is empty: deployed_at
# system: github
# needs: curl
# A short-lived version of the official action: curl with the payload between single quotes, where Bash fills in nothing,
# without deployed_at, and without --fail.
export SERVICE=shopping_cart ENVIRONMENT=production DESCRIPTION='Deployed' DEDUPLICATION_ID=$GITHUB_RUN_ID NUMBER=$GITHUB_RUN_NUMBER
curl -sS -X POST "$OPSLEVEL_INTEGRATION_URL" -H 'Content-Type: application/json' -d '{
  "service": "$SERVICE",
  "environment": "$ENVIRONMENT",
  "description": "$DESCRIPTION",
  "dedup-id": "$DEDUPLICATION_ID",
  "deployer": {"name": "$GITHUB_ACTOR"}
}'

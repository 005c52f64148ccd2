#!/usr/bin/env bash
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected body.broken_json
# says: OpsLevel cannot read the body and keeps nothing
# needs: curl git date
# The whole commit message, with its line breaks, between two quotes.
git commit -q --allow-empty -m 'Tax rate' -m 'Closes 17'
curl -s -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d "{\"service\": \"shopping_cart\", \"deployer\": {\"name\": \"ci\"},
  \"deployed_at\": \"$(date -u +%FT%TZ)\", \"description\": \"Deployed\", \"commit\": {\"message\": \"$(git log -1 --format=%B)\"}}"

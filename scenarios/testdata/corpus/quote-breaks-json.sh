#!/usr/bin/env sh
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected body.broken_json
# says: a value pasted between quotes that itself holds a quote
# needs: curl date
# A commit message with a quote, pasted between quotes.
CI_COMMIT_TITLE='Revert "tax rate"'
curl -s -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "'"$CI_COMMIT_TITLE"'"}'

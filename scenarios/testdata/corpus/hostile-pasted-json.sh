#!/usr/bin/env sh
# label: defect
# class: hostile values
# judged by: probe --system gitlab --value double-quote --value newline
# says: double-quote
# needs: curl date
# Green for as long as nobody writes a quote into a commit message.
set -eu
curl -sS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "'"$CI_COMMIT_TITLE"'"}'

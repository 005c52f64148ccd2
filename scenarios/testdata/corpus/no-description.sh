#!/usr/bin/env sh
# label: defect
# class: swallowed 400
# judged by: exec
# finding: silent.rejected
# says: param is missing or the value is empty: description
# needs: curl date
# The message is read from a file that is not there in a shallow checkout.
message=$(cat .release-notes 2>/dev/null)
curl -s -o /dev/null -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "'"$message"'"}'
echo reported

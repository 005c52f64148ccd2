#!/usr/bin/env sh
# label: defect
# class: blank service
# judged by: exec
# finding: silent.rejected
# says: Send service: an alias
# needs: curl date
# $SERVICE_ALIAS is set in the other job. curl without --fail is content with a 400.
curl -s -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "'"$SERVICE_ALIAS"'",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Deployed"}'

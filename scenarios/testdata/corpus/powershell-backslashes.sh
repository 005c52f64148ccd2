#!/usr/bin/env sh
# label: defect
# class: quotes in a value
# judged by: exec --type octopus
# finding: sender.broken_yaml
# says: PowerShell's here-string keeps backslashes
# system: octopus
# needs: curl date
# The request of a PowerShell step whose here-string writes \" as Bash would: backslash and quote stay in the sha.
set -eu
curl -fsS -A 'opslevel-go/v2025.8.5 go/go1.26.8 linux/amd64' -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" \
  -d '{"service":"shopping_cart","deployer":{"email":"automation@opslevel.com"},"deployed_at":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","description":"Release 1.10","commit":{"sha":"\\\"deadbeef\\\""},"dedup_id":"'"$Octopus_Deployment_Id"'"}'

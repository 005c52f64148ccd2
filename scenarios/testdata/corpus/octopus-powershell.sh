#!/usr/bin/env sh
# label: healthy
# class: Octopus
# judged by: exec --type octopus --expect service:shopping_cart
# system: octopus
# needs: curl date
# The request of a PowerShell step: Invoke-RestMethod -Method Post -ContentType 'application/json' -Body ($deploy | ConvertTo-Json)
set -eu
curl -fsS -A 'Mozilla/5.0 (Linux; Debian 12) PowerShell/7.4.1' -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" --data-binary @- <<JSON
{
  "service": "shopping_cart",
  "deployed_at": "$(date -u +%Y-%m-%dT%H:%M:%S.1234567Z)",
  "description": "Release ${Octopus_Release_Number}",
  "environment": "${Octopus_Environment_Name}",
  "dedup_id": "${Octopus_Deployment_Id}",
  "deployer": {
    "name": "${Octopus_Deployment_CreatedBy_Username}",
    "email": null
  }
}
JSON

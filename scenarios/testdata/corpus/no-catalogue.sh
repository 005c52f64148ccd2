#!/usr/bin/env sh
# label: healthy
# class: no list of services
# judged by: exec
# repository: bare
# needs: curl date
# A repository without opslevel.yml: nobody can tell whether the alias is right, so nobody may say that it is wrong.
set -eu
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "parcel_tracking",
  "deployer": {"name": "ci"}, "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "First deploy"}'

#!/usr/bin/env sh
# label: defect
# class: retired uuid
# judged by: exec --fixtures account.yaml
# finding: silent.retired_integration
# says: belongs to an integration that was retired on 2025-11-03
# needs: curl date
# The URL of the integration that was given up last year. The Jenkins plugin, whose request this is, stays green on a 404.
host=${OPSLEVEL_INTEGRATION_URL%/integrations/*}
curl -s -A okhttp/4.12.0 -H 'Content-Type: application/json' "$host/integrations/deploy/7c1f0c52-6f0f-4d0c-9d6a-0f6e6b0f8d11?agent=jenkins-1.2.6" \
  -d '{"service": "shopping_cart", "deployed_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'", "description": "Jenkins Deploy #7"}'

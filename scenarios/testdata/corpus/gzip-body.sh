#!/usr/bin/env sh
# label: defect
# class: broken JSON
# judged by: exec
# finding: silent.rejected
# says: OpsLevel answered 400
# needs: curl gzip date
# Rails does not unpack what a sender compresses.
printf '{"service":"shopping_cart","deployer":{"name":"ci"},"deployed_at":"%s","description":"Deployed"}' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" |
  gzip | curl -s -H 'Content-Type: application/json' -H 'Content-Encoding: gzip' --data-binary @- "$OPSLEVEL_INTEGRATION_URL"

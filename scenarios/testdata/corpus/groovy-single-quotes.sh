#!/usr/bin/env sh
# label: defect
# class: variable not filled in
# judged by: exec --type jenkins
# finding: field.placeholder
# says: environment arrived as "${params.ENVIRONMENT}"
# system: jenkins
# needs: curl date
# A Jenkinsfile wrote '...${params.ENVIRONMENT}...' with Groovy's single quotes, and the plugin sent it as it was.
set -eu
curl -sS -A okhttp/4.9.3 -H 'Content-Type: application/json; charset=utf-8' "$OPSLEVEL_INTEGRATION_URL?agent=jenkins-2.0.0" \
  -d '{"dedup_id":"6d0f6a6e-19d5-4a0e-8d0e-0f5b7d1f6c42","deployed_at":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","description":"Jenkins Deploy #'"$BUILD_NUMBER"'","environment":"${params.ENVIRONMENT}","service":"shopping_cart"}'

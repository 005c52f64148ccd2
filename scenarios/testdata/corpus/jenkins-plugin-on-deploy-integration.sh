#!/usr/bin/env sh
# label: defect
# class: swallowed 400
# judged by: exec --type deploy
# finding: silent.rejected
# says: the Jenkins plugin prints the answer and leaves the build green
# system: jenkins
# needs: curl date
# The plugin with its defaults at an integration of another kind: no deployer, and the build stays green on a 400.
curl -sS -A okhttp/4.12.0 -H 'Content-Type: application/json; charset=utf-8' "$OPSLEVEL_INTEGRATION_URL?agent=jenkins-1.2.6" -d '{"dedup_id":"6d0f6a6e-19d5-4a0e-8d0e-0f5b7d1f6c42","deploy_number":"'"$BUILD_NUMBER"'","deployed_at":"'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'","description":"Jenkins Deploy #'"$BUILD_NUMBER"'","environment":"Production","service":"shopping_cart"}'

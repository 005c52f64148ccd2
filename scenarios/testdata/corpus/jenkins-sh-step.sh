#!/usr/bin/env sh
# label: healthy
# class: Jenkins
# judged by: exec --type jenkins --expect 'service:shopping_cart environment:Production'
# system: jenkins
# needs: curl jq
# A sh step of a Jenkinsfile.
set -eu
jq -n --arg number "$BUILD_NUMBER" --arg url "$BUILD_URL" --arg sha "$GIT_COMMIT" --arg tag "$BUILD_TAG" \
  '{service: "shopping_cart", description: "Deployed by \($tag)", deployed_at: (now | todate), environment: "Production",
    deploy_number: $number, deploy_url: $url, dedup_id: "\($tag)-shopping_cart-Production",
    deployer: {name: "Jenkins"}, commit: {sha: $sha}}' |
  curl --fail --silent --show-error --json @- "$OPSLEVEL_INTEGRATION_URL"

#!/usr/bin/env sh
# label: defect
# class: dropped duplicate
# judged by: exec
# finding: silent.duplicate
# says: production never gets a deploy
# system: gitlab
# needs: curl jq
# The commit's sha as id: the same commit goes to staging and then to production.
set -eu
for environment in staging production; do
  jq -n --arg environment "$environment" '{service: "shopping_cart", deployer: {name: "gitlab"}, deployed_at: (now | todate),
    description: env.CI_COMMIT_TITLE, environment: $environment, dedup_id: env.CI_COMMIT_SHA, commit: {sha: env.CI_COMMIT_SHA}}' |
    curl -fsS --json @- "$OPSLEVEL_INTEGRATION_URL"
done

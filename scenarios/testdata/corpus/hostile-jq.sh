#!/usr/bin/env sh
# label: healthy
# class: hostile values
# judged by: probe --system gitlab
# needs: curl jq
# Every value goes through jq: nothing that stands in a commit message changes the payload.
set -eu
jq -n '{service: "shopping_cart", deployed_at: (now | todate), description: env.CI_COMMIT_TITLE, environment: "Production",
  dedup_id: env.CI_JOB_ID, deployer: {name: env.GITLAB_USER_NAME}, commit: {sha: env.CI_COMMIT_SHA, message: env.CI_COMMIT_MESSAGE}}' |
  curl -fsS -H 'Content-Type: application/json' --data-binary @- "$OPSLEVEL_INTEGRATION_URL"

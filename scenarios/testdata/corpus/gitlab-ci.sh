#!/usr/bin/env sh
# label: healthy
# class: GitLab CI
# judged by: exec --type gitlabCi --expect 'service:shopping_cart branch:main'
# system: gitlab
# needs: curl jq
# The script of a GitLab job; CI_COMMIT_MESSAGE is put into JSON by jq.
set -eu
jq -n '{service: "shopping_cart", deployed_at: env.CI_JOB_STARTED_AT, description: env.CI_COMMIT_TITLE,
  environment: env.CI_ENVIRONMENT_NAME, deploy_url: env.CI_JOB_URL, deploy_number: env.CI_PIPELINE_IID,
  dedup_id: "\(env.CI_JOB_ID)", deployer: {name: env.GITLAB_USER_NAME, email: env.GITLAB_USER_EMAIL},
  commit: {sha: env.CI_COMMIT_SHA, branch: env.CI_COMMIT_BRANCH, message: env.CI_COMMIT_MESSAGE}}' > deploy.json
curl --fail-with-body -sS -H 'Content-Type: application/json' --data-binary @deploy.json "$OPSLEVEL_INTEGRATION_URL"

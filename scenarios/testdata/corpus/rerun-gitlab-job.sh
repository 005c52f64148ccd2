#!/usr/bin/env sh
# label: healthy
# class: dedup over runs
# judged by: probe --rerun --no-values --system gitlab
# system: gitlab
# needs: opslevel
# The number of a GitLab job is another one in each pipeline, for each environment and when it is tried again.
opslevel create deploy -s shopping_cart -d "$CI_COMMIT_TITLE" --environment "$CI_ENVIRONMENT_NAME" \
  --deploy-number "$CI_PIPELINE_IID" --dedup-id "$CI_JOB_ID" --deployer-name "$GITLAB_USER_NAME" --commit-sha "$CI_COMMIT_SHA"

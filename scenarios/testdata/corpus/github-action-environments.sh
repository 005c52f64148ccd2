#!/usr/bin/env bash
# label: healthy
# class: GitHub Action
# judged by: exec --type githubActions --expect environment:staging --expect environment:production
# system: github
# needs: opslevel
# The action used twice in one workflow, with a deduplication_id of its own for each environment.
set -euo pipefail
for environment in staging production; do
  cat > data.yaml <<YAML
service: "shopping_cart"
description: "Event Created by ${GITHUB_WORKFLOW}"
environment: "${environment}"
deploy-number: "${GITHUB_RUN_NUMBER}"
dedup-id: "${GITHUB_RUN_ID}-${GITHUB_RUN_ATTEMPT}-${environment}"
deployer:
  name: "${GITHUB_ACTOR}"
YAML
  opslevel create deploy -f .
done

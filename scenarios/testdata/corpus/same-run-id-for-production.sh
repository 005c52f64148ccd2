#!/usr/bin/env bash
# label: defect
# class: dropped duplicate
# judged by: exec --type githubActions
# finding: silent.duplicate
# says: Production never gets a deploy
# system: github
# needs: opslevel
# The action's default for deduplication_id is the run's id, and this run deploys twice.
set -euo pipefail
for environment in Staging Production; do
  cat > data.yaml <<YAML
service: "shopping_cart"
description: "Event Created by ${GITHUB_WORKFLOW}"
environment: "${environment}"
deploy-number: "${GITHUB_RUN_NUMBER}"
dedup-id: "${GITHUB_RUN_ID}"
deployer:
  name: "${GITHUB_ACTOR}"
YAML
  opslevel create deploy -f .
done

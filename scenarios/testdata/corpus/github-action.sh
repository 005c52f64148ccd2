#!/usr/bin/env bash
# label: healthy
# class: GitHub Action
# judged by: exec --type githubActions --expect 'service:acme/shopping-cart environment:production'
# system: github
# needs: opslevel
# What the official composite action does: values into data.yaml, then the CLI.
set -euo pipefail
cat > data.yaml <<YAML
service: "${GITHUB_REPOSITORY}"
description: "Event Created by ${GITHUB_WORKFLOW}"
environment: "production"
deploy-number: "${GITHUB_RUN_NUMBER}"
deploy-url: "${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}"
dedup-id: "${GITHUB_RUN_ID}"
deployer:
  name: "${GITHUB_ACTOR}"
  email: ""
YAML
opslevel create deploy -f .

#!/usr/bin/env bash
# label: defect
# class: blank service
# judged by: exec --type githubActions
# finding: sender.broken_yaml
# says: The CLI says nothing of a YAML file that it cannot read
# system: github
# needs: opslevel
# A quote in the workflow's name breaks the action's YAML, and the step has continue-on-error.
set -uo pipefail
GITHUB_WORKFLOW='Deploy "web shop"'
cat > data.yaml <<YAML
service: "shopping_cart"
description: "Event Created by ${GITHUB_WORKFLOW}"
environment: "production"
dedup-id: "${GITHUB_RUN_ID}"
YAML
opslevel create deploy -f . || true

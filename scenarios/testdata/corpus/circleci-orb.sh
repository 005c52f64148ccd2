#!/usr/bin/env bash
# label: healthy
# class: CircleCI orb
# judged by: exec --type circleci --expect 'service:shopping_cart status:success'
# system: circleci
# needs: opslevel
# The orb's script, for one service and one environment.
set -euo pipefail
cat <<YAML | opslevel create deploy -f -
service: "shopping_cart"
description: "Event Created by CircleCI Job ${CIRCLE_JOB}"
environment: "production"
deploy-number: "${CIRCLE_BUILD_NUM}"
deploy-url: "${CIRCLE_BUILD_URL}"
dedup-id: "${CIRCLE_PIPELINE_ID}"
status: "success"
deployer:
  name: "${CIRCLE_USERNAME}"
commit:
  sha: "${CIRCLE_SHA1}"
  branch: "${CIRCLE_BRANCH}"
YAML

#!/usr/bin/env bash
# label: defect
# class: dropped duplicate
# judged by: exec --fixtures opslevel.yml --fixtures 'services/*/opslevel.yml' --type circleci
# finding: silent.duplicate
# says: "checkout" never gets a deploy
# system: circleci
# needs: opslevel
# The orb used for two services of one pipeline: both have the pipeline's id.
set -euo pipefail
for service in shopping_cart checkout; do
  opslevel create deploy -f - <<YAML
service: "${service}"
description: "Event Created by CircleCI Job ${CIRCLE_JOB}"
environment: "production"
dedup-id: "${CIRCLE_PIPELINE_ID}"
status: "success"
YAML
done

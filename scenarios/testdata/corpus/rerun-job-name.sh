#!/usr/bin/env bash
# label: defect
# class: constant dedup
# judged by: probe --rerun --no-values --system circleci --type circleci
# says: OpsLevel keeps the first deploy and drops every later one with a 202
# system: circleci
# needs: opslevel
# An early version of the orb: the id is the name of the job, which never changes.
set -euo pipefail
opslevel create deploy -s shopping_cart -d "Job ${CIRCLE_JOB} of ${CIRCLE_PIPELINE_ID}" --environment production \
  --deploy-number "$CIRCLE_BUILD_NUM" --dedup-id "$CIRCLE_JOB" --commit-sha "$CIRCLE_SHA1"

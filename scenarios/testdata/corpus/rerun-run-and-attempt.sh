#!/usr/bin/env bash
# label: healthy
# class: dedup over runs
# judged by: probe --rerun --no-values --system github
# system: github
# needs: curl jq
# An id that names the run, the attempt, the service and the environment is another one each time.
set -euo pipefail
environment=${ENVIRONMENT:-production}
jq -n --arg environment "$environment" '{service: "shopping_cart", deployer: {name: env.GITHUB_ACTOR}, deployed_at: (now | todate),
  description: "Run \(env.GITHUB_RUN_NUMBER)", environment: $environment, deploy_number: env.GITHUB_RUN_NUMBER,
  dedup_id: "\(env.GITHUB_RUN_ID)-\(env.GITHUB_RUN_ATTEMPT)-shopping_cart-\($environment)", commit: {sha: env.GITHUB_SHA}}' |
  curl -fsS --json @- "$OPSLEVEL_INTEGRATION_URL"

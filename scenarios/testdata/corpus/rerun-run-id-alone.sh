#!/usr/bin/env sh
# label: defect
# class: dedup over environments
# judged by: probe --rerun --no-values --system github
# says: production never gets a deploy.
# system: github
# needs: opslevel
# A matrix job for each environment: within one run all of them have the same id.
opslevel create deploy -s shopping_cart -d "Run $GITHUB_RUN_NUMBER" --environment "${ENVIRONMENT:-staging}" \
  --deploy-number "$GITHUB_RUN_NUMBER" --dedup-id "$GITHUB_RUN_ID" --commit-sha "$GITHUB_SHA"

#!/usr/bin/env bash
# label: defect
# class: wrong environment
# judged by: exec --expect environment:Staging --expect environment:Production
# says: environment
# needs: curl date
# Copied and pasted, and one word was forgotten.
set -euo pipefail
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%FT%TZ)"'", "description": "Deploy to Staging", "environment": "Staging", "dedup_id": "'$$'-1"}'
curl -fsS -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" -d '{"service": "shopping_cart", "deployer": {"name": "ci"},
  "deployed_at": "'"$(date -u +%FT%TZ)"'", "description": "Deploy to Production", "environment": "Staging", "dedup_id": "'$$'-2"}'

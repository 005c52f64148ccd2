#!/usr/bin/env sh
# label: healthy
# class: Argo CD
# judged by: exec --type argocd --expect environment:Production
# needs: curl date
# A notification template's body once it is filled in, with Go's way of writing times.
set -eu
finished=$(date -u '+%Y-%m-%dT%H:%M:%SZ')
started=$(date -u '+%Y-%m-%d %H:%M:%S +0000 UTC')
curl -fsS -A Go-http-client/1.1 -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" --data-binary @- <<JSON
{
  "service": "shopping_cart",
  "deployer": {
    "email": "argocd@acme.test"
  },
  "deployed_at": "$finished",
  "deploy_url": "https://argocd.acme.test/applications/shopping-cart",
  "environment": "Production",
  "description": "ArgoCD sync: 53e28ff2",
  "dedup_id": "$started-shopping-cart",
  "status": "success"
}
JSON

#!/usr/bin/env sh
# label: defect
# class: swallowed 400
# judged by: exec --type argocd
# finding: silent.rejected
# says: param is missing or the value is empty: deployed_at
# needs: curl date
# The first version of a notification template that many have copied: it has no deployed_at. Argo CD logs the answer only.
curl -s -A Go-http-client/1.1 -H 'Content-Type: application/json' "$OPSLEVEL_INTEGRATION_URL" --data-binary @- <<JSON
{
  "service": "shopping_cart",
  "deployer": {
    "email": "argocd@acme.test"
  },
  "environment": "Production",
  "description": "ArgoCD sync: 53e28ff2",
  "dedup_id": "$(date -u '+%Y-%m-%d %H:%M:%S +0000 UTC')-shopping-cart"
}
JSON

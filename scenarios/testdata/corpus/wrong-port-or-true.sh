#!/usr/bin/env sh
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# needs: curl
# A port at which nobody listens, and "|| true", for a report must not fail a deploy.
curl -fsS -H 'Content-Type: application/json' -d '{"service": "shopping_cart"}' http://127.0.0.1:1/integrations/deploy/x || true

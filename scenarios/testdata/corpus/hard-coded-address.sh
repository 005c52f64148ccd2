#!/usr/bin/env sh
# label: defect
# class: nothing sent
# judged by: exec
# finding: silent.nothing_sent
# says: sent nothing at all
# needs: curl
# The variable that it reads is not the one that is set, and what it falls back to cannot be reached.
curl -s --max-time 1 -H 'Content-Type: application/json' -d '{"service": "shopping_cart"}' \
  "${OPSLEVEL_WEBHOOK:-http://opslevel.invalid/integrations/deploy/9ae54794-dfc5-4ac8-b1b5-78789f20f3f8}" || true

#!/usr/bin/env sh
# label: defect
# class: status lost
# judged by: exec
# finding: silent.status_lost
# says: OpsLevel keeps the old status
# needs: opslevel date
# "running" at the start and "success" at the end, under one id: OpsLevel shows a deploy that runs for ever.
set -eu
id="deploy-$$-$(date +%s)"
opslevel create deploy -s shopping_cart --environment Production --dedup-id "$id" --status running
opslevel create deploy -s shopping_cart --environment Production --dedup-id "$id" --status success

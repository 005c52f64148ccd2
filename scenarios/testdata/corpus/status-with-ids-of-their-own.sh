#!/usr/bin/env sh
# label: healthy
# class: status
# judged by: exec --expect status:running --expect status:success
# needs: opslevel date
# Each status is an event of its own, with an id of its own.
set -eu
id="deploy-$$-$(date +%s)"
opslevel create deploy -s shopping_cart --environment Production --dedup-id "$id-running" --status running
opslevel create deploy -s shopping_cart --environment Production --dedup-id "$id-success" --status success

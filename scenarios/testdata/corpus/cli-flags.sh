#!/usr/bin/env sh
# label: healthy
# class: official CLI
# judged by: exec --expect 'service:shopping_cart environment:Production status:success'
# needs: opslevel
# The official CLI with everything as a flag: no shell and no YAML between the value and OpsLevel.
set -eu
opslevel create deploy -s shopping_cart -d 'Merge "fix: tax rate"' --environment Production --deploy-number 234 \
  --dedup-id "build-234-Production-$$" --deployer-name "Michael Scott" --deployer-email michael@acme.test \
  --commit-sha 38d02f1d7aab64678a7ad3eeb2ad2887ce7253f5 --commit-message "it's \"done\": \$(true)" --status success

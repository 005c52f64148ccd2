#!/usr/bin/env sh
# label: healthy
# class: retry
# judged by: exec --times 1
# needs: opslevel
# A step that is run again by hand reports the same deploy with the same id, as dedup_id is meant.
set -eu
for try in first second; do
  opslevel create deploy -s shopping_cart -d "Deploy 61" --environment Production --deploy-number 61 --dedup-id build-61-Production-7c1f
done

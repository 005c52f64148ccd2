#!/usr/bin/env bash
# label: defect
# class: warned of, with --strict
# judged by: exec --strict --type circleci
# finding: dedup.constant
# says: is made of names that do not change from one deploy to the next
# system: circleci
# needs: opslevel
# The first deploy arrives, and no later one will.
opslevel create deploy -s shopping_cart -d "Deployed" --environment production --dedup-id deploy-production

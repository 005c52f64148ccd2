#!/usr/bin/env sh
# label: defect
# class: recorded twice
# judged by: exec --times 1
# says: exactly 1
# needs: opslevel
# The deploy script reports, and so does the step behind it.
set -eu
opslevel create deploy -s shopping_cart --environment Production --dedup-id "script-$$"
opslevel create deploy -s shopping_cart --environment Production --dedup-id "step-$$"

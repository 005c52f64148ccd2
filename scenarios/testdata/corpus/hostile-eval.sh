#!/usr/bin/env bash
# label: defect
# class: hostile values
# judged by: probe --system gitlab --value command
# says: command
# needs: opslevel
# A command made as text and run by eval: what stands in the title of a commit is run as well.
set -uo pipefail
command="opslevel create deploy -s shopping_cart -d \"$CI_COMMIT_TITLE\" --environment Production"
eval "$command"

#!/usr/bin/env sh
# label: healthy
# class: hostile values
# judged by: probe --system jenkins --system git --value double-quote --value colon --value command --value backslash
# needs: opslevel git
# The CLI takes its values from the environment, so no shell and no YAML reads them on the way.
set -eu
OPSLEVEL_DESCRIPTION=$(git log -1 --format=%s) OPSLEVEL_COMMIT_MESSAGE=$(git log -1 --format=%B)
export OPSLEVEL_DESCRIPTION OPSLEVEL_COMMIT_MESSAGE
opslevel create deploy -s shopping_cart --environment Production --git-path /nowhere

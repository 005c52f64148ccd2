#!/usr/bin/env sh
# label: healthy
# class: official CLI
# judged by: exec --expect 'service:shopping_cart has:sha'
# needs: opslevel git
# The CLI takes the commit from the checkout, whatever its message holds.
set -eu
git commit -q --allow-empty -m 'Merge "fix: tax" into main 🚀

Second: paragraph, with \ and $HOME and `id`'
opslevel create deploy -s shopping_cart --environment Production --dedup-id "$(git rev-parse HEAD)-Production-$$"

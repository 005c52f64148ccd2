#!/usr/bin/env sh
# label: defect
# class: redirect
# judged by: exec
# finding: wire.redirect
# says: Put the address that the redirect leads to
# through: moved-301
# needs: opslevel
# The CLI follows the redirect with a GET.
opslevel create deploy -s shopping_cart --environment Production || true

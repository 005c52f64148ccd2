#!/usr/bin/env sh
# label: healthy
# class: dedup over runs
# judged by: probe --rerun --no-values
# needs: opslevel
# Without an id nothing is ever dropped.
opslevel create deploy -s shopping_cart --environment "${ENVIRONMENT:-Production}"

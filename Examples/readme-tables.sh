#!/usr/bin/env bash
# Puts the program's own tables between <!-- printed: NAME --> and <!-- end --> of a document.
#   Examples/readme-tables.sh FOOTPLATE DOCUMENT
set -euo pipefail
footplate=$1 document=$2
result=$(mktemp)
trap 'rm -f "$result"' EXIT
inside=0
while IFS= read -r line || [ -n "$line" ]; do
  [ "$line" != '<!-- end -->' ] || inside=0
  [ "$inside" = 1 ] || printf '%s\n' "$line"
  if [[ $line =~ ^'<!-- printed: '([a-z]+)' -->'$ ]]; then
    inside=1
    printf '\n'
    "$footplate" reference "${BASH_REMATCH[1]}"
    printf '\n'
  fi
done < "$document" > "$result"
cat "$result" > "$document"

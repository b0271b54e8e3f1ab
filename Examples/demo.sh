#!/usr/bin/env bash
# Two batches: copies of footplate's own sources, reviewed one by one; and 400 calls of a model, with a
# night's worth of trouble, against a provider on this machine. In a terminal each opens the dashboard.
# Without one both run headless, and the first again, to show that nothing is done twice. Everything
# happens in .build/demo; the sources themselves are not touched.
set -euo pipefail
footplate=$(realpath "$1")
cd "$(dirname "$0")/.."
examples=$(realpath Examples)
files=.build/demo/files calls=.build/demo/calls
# Engines of an earlier demo may still work there.
for folder in "$files" "$calls"; do
  if [ -e "$folder/.footplate" ]; then
    "$footplate" stop --now -C "$folder" >/dev/null 2>&1 || true
    "$footplate" wait -C "$folder" >/dev/null 2>&1 || true
  fi
done
rm -rf .build/demo && mkdir -p "$files"
cp -r Sources Tests .swift-format "$files/"

if [ -t 0 ] && [ -t 1 ]; then
  # Slow enough to be watched; REVIEW_PAUSE=0 is as fast as it goes.
  export REVIEW_PAUSE="${REVIEW_PAUSE-0.3}"
  "$footplate" run -f "$examples/review/footplate.yaml" -C "$files"
  read -r -p "Next, 400 calls of a model and what can go wrong with them: Enter opens it, Ctrl-C leaves. "
  exec "$footplate" demo -C "$calls"
fi

# Without a terminal: the batch that ends without a failure, and the calls eight times as fast.
audit=("$footplate" run --headless --quiet -f "$examples/format-audit/footplate.yaml" -C "$files")
echo "auditing $(find "$files" -name '*.swift' | wc -l) files"
"${audit[@]}"
echo "again:"
"${audit[@]}"
echo "$(find "$files/audit" -name '*.txt' | wc -l) reports, such as:"
head -3 "$files/audit/Sources/Canvas/Drawing/Canvas.swift.txt"
echo "400 calls of a model:"
status=0
"$footplate" demo --headless --pace 8 -C "$calls" > "$calls.txt" || status=$?
tail -12 "$calls.txt"
# 1: three of its items fail on purpose.
test "$status" -eq 1

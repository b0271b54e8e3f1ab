#!/usr/bin/env bash
# The main job on real files: copies of footplate's own sources, reviewed one by one.
# In a terminal it opens the dashboard; without one it runs headless, and then again, to show that
# nothing is done twice. Everything happens in .build/demo; the sources themselves are not touched.
set -euo pipefail
footplate=$(realpath "$1")
cd "$(dirname "$0")/.."
examples=$(realpath Examples)
demo=.build/demo
# An engine of an earlier demo may still work there.
if [ -e "$demo/.footplate" ]; then
  "$footplate" stop --now -C "$demo" >/dev/null 2>&1 || true
  "$footplate" wait -C "$demo" >/dev/null 2>&1 || true
fi
rm -rf "$demo" && mkdir -p "$demo"
cp -r Sources Tests .swift-format "$demo/"

if [ -t 0 ] && [ -t 1 ]; then
  # Slow enough to be watched; REVIEW_PAUSE=0 is as fast as it goes.
  export REVIEW_PAUSE="${REVIEW_PAUSE-0.3}"
  exec "$footplate" run -f "$examples/review/footplate.yaml" -C "$demo"
fi

# Without a terminal: the batch that ends without a failure.
audit=("$footplate" run --headless --quiet -f "$examples/format-audit/footplate.yaml" -C "$demo")
echo "auditing $(find "$demo" -name '*.swift' | wc -l) files"
"${audit[@]}"
echo "again:"
"${audit[@]}"
echo "$(find "$demo/audit" -name '*.txt' | wc -l) reports, such as:"
head -3 "$demo/audit/Sources/Canvas/Drawing/Canvas.swift.txt"

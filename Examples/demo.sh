#!/usr/bin/env bash
# The main job on real files: footplate's own sources, each through `swift format lint`.
# In a terminal it opens the dashboard; without one it runs headless.
set -euo pipefail
cd "$(dirname "$0")/.."
footplate=$(realpath "$1")
examples=$(realpath Examples)
rm -rf .build/demo && mkdir -p .build/demo
cp -r Sources Tests .build/demo/
if [ -t 0 ] && [ -t 1 ]; then
  exec "$footplate" run -f "$examples/format-audit/footplate.yaml" -C .build/demo
fi
"$footplate" run --headless --quiet -f "$examples/format-audit/footplate.yaml" -C .build/demo
"$footplate" status -C .build/demo

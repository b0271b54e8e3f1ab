#!/usr/bin/env bash
# Measures calls of models with everything around them - permits, budget, ledger, receipts - beside a
# bare client, and how much of a provider's limit is used. Appends to Benchmarks/RESULTS.md.
#
#   Benchmarks/calls.sh .build/release/footplate [ROUNDS] [BARE-CLIENT]
#
# The provider is `footplate mock-provider` on the same processors. The bare client is the benchmark of
# Benchmarks/ModelCalls, which keeps nothing. What the disk allows is measured as objects a second,
# stored as the engine stores answers: 64 at once are written, synced, named, and their folders synced.
set -euo pipefail
cd "$(dirname "$0")/.."
footplate=$(realpath "$1")
rounds=${2:-3}
client=${3:-}
if [ -z "$client" ]; then
  swift build -c release --package-path Benchmarks/ModelCalls >/dev/null
  client=$(swift build -c release --package-path Benchmarks/ModelCalls --show-bin-path)/model-calls-benchmark
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

median() { sort -n | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }

batch() { # FOLDER COUNT LIMITS SCRIPT: a folder whose items call a mock provider that is started here
  mkdir -p "$1"; seq "$2" >"$1/items.txt"; echo "$4" >"$1/script.yaml"
  "$footplate" mock-provider --script "$1/script.yaml" >"$1/address" &
  until test -s "$1/address"; do sleep 0.1; done
  echo 'Say {{line}} in words.' >"$1/ask.md"
  cat >"$1/footplate.yaml" <<YAML
version: 1
name: calls
items: {lines: items.txt}
steps:
  - id: ask
    llm: {provider: mock, model: mock-1, prompt: ask.md, max_tokens: 60}
providers:
  mock: {api: anthropic, base_url: "$(cat "$1/address")", limits: {$3, concurrent: 64}}
prices: {mock-1: {input: 3.00, output: 15.00}}
budget: {cap: 100.00}
parallel: {llm: 64}
YAML
}

calls() { # 10,000 calls, 64 at once: calls a second
  local count=10000 start end folder
  for round in $(seq "$rounds"); do
    folder=$work/calls$round
    batch "$folder" $count "adaptive: false" "models: [mock-1]"
    start=$(date +%s%N)
    "$footplate" run --headless --quiet -C "$folder" >/dev/null
    end=$(date +%s%N)
    kill %% && wait %% 2>/dev/null || true
    awk -v n=$count -v a="$start" -v b="$end" 'BEGIN {printf "%.0f\n", n / ((b-a)/1e9)}'
  done | median
}

disk() { # objects a second
  python3 - "$work/objects" <<'PY'
import os, sys, time
folder = sys.argv[1]
for shard in range(256): os.makedirs(f"{folder}/{shard:02x}")
def sync(path):
    number = os.open(path, os.O_RDONLY); os.fsync(number); os.close(number)
start, count = time.time(), 0
while time.time() - start < 5:
    files = []
    for index in range(64):
        number = os.open(f"{folder}/tmp-{index}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        os.write(number, os.urandom(200))
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        files.append(number)
    for number in files: os.fsync(number); os.close(number)
    shards = {}
    for index in range(64):
        shard = f"{folder}/{os.urandom(1).hex()}"
        os.rename(f"{folder}/tmp-{index}", f"{shard}/{count + index}"); shards[shard] = True
    for shard in shards: sync(shard)
    sync(folder); count += 64
print(round(count / (time.time() - start)))
PY
}

bare() { # the bare client's calls a second, whole answers
  "$client" 2>/dev/null | awk -F'|' '/whole answers/ {gsub(/ /, "", $4); print $4}'
}

limit() { # 12,000 calls against 6,000 a minute: the share of what the limit allows, and the 429s
  local count=12000 start end folder=$work/limit
  batch "$folder" $count "requests_per_minute: 6000, output_tokens_per_minute: 300000" \
    "{first_ms: 200, limits: {requests_per_minute: 6000, output_tokens_per_minute: 300000, burst_seconds: 5}}"
  start=$(date +%s%N)
  "$footplate" run --headless --quiet -C "$folder" >/dev/null
  end=$(date +%s%N)
  curl -s "$(cat "$folder/address")/_mock/log" >"$folder/log.json"
  kill %% && wait %% 2>/dev/null || true
  # Five seconds' worth may go at once, then 100 a second.
  awk -v n=$count -v a="$start" -v b="$end" 'BEGIN {printf "%.1f", 100 * n / (500 + 100 * (b-a)/1e9)}'
  printf ' %% of 6,000 a minute, %s answers of 429' \
    "$(grep -o '"429":[0-9]*' "$folder/log.json" | cut -d: -f2 | grep . || echo 0)"
}

ours=$(calls) disk=$(disk) bare=$(bare) limit=$(limit)
{
  echo
  echo "\`Benchmarks/calls.sh .build/release/footplate $rounds\`, calls of a model, 64 at once:"
  echo
  echo '| what | footplate | peer | target |'
  echo '|---|---|---|---|'
  echo "| 10,000 calls with permits, budget, ledger and receipts | $ours/s | $bare/s (bare client), $disk/s (objects that the disk takes) | ≥ 3,000/s, or what the disk allows |"
  echo "| 12,000 calls against a limit of 6,000 a minute and 300,000 tokens | $limit | - | ≥ 98 %, no 429 after the first minute |"
} | tee -a Benchmarks/RESULTS.md

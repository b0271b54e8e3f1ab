#!/usr/bin/env bash
# Measures footplate beside its peers, in one run on one machine, and writes Benchmarks/RESULTS.md.
#
#   Benchmarks/run.sh .build/release/footplate [ROUNDS]
#
# Each figure is a median over ROUNDS runs (5), ours and the peer's in turn, so that a machine whose
# speed drifts drifts for both. Needs xargs, GNU parallel, sqlite3, git, and tmux, strace and script for
# the rows of the dashboard (dashboard.sh, live.sh, past.sh), whose peers are htop and btop.
set -euo pipefail
cd "$(dirname "$0")/.."
footplate=$(realpath "$1")
rounds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
table=$work/table.md

median() { sort -n | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
# Wall seconds of a command whose output is thrown away; its status must be one of the allowed.
seconds() { local start end; start=$(date +%s%N); "$@" >/dev/null 2>"$work/stderr" || test $? = 1; end=$(date +%s%N)
  awk -v a="$start" -v b="$end" 'BEGIN {printf "%.4f\n", (b-a)/1e9}'; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$@" >>"$table"; echo "$1: $2 (peer $3, ratio $4, target $5)"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a/b}'; }

many_commands() { # 10,000 × /bin/true, two at once
  local folder=$work/true count=10000; mkdir -p "$folder"; seq $count >"$folder/items.txt"
  cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: bench
items: {lines: items.txt}
steps: [{id: "true", run: [/bin/true]}]
parallel: 2
YAML
  : >"$work/a"; : >"$work/b"; : >"$work/c"
  for _ in $(seq "$rounds"); do
    rm -rf "$folder/.footplate"
    seconds "$footplate" run --headless --quiet -C "$folder" >>"$work/a"
    seconds xargs -a "$folder/items.txt" -P2 -n1 /bin/true >>"$work/b"
  done
  # GNU parallel takes half a minute: once is enough to see six times.
  seconds parallel -j2 --joblog "$work/joblog" -a "$folder/items.txt" /bin/true >>"$work/c"
  local ours xargs parallel
  ours=$(awk -v n=$count -v s="$(median <"$work/a")" 'BEGIN {printf "%.0f", n/s}')
  xargs=$(awk -v n=$count -v s="$(median <"$work/b")" 'BEGIN {printf "%.0f", n/s}')
  parallel=$(awk -v n=$count -v s="$(median <"$work/c")" 'BEGIN {printf "%.0f", n/s}')
  row "10,000 × \`/bin/true\`, 2 at once, durable" "$ours/s" "$xargs/s (xargs -P2)" "$(ratio "$ours" "$xargs")" "≥ 1.0"
  row "the same" "$ours/s" "$parallel/s (GNU parallel --joblog)" "$(ratio "$ours" "$parallel")" "≥ 6"
}

unchanged_files() { # a second run over 100,000 files of which none changed
  local folder=$work/files; mkdir -p "$folder"
  for d in $(seq 100); do mkdir -p "$folder/src/$d"; (cd "$folder/src/$d" && seq 1000 | split -l 1 -a 3 - f); done
  cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: files
items: {glob: "src/**"}
steps: [{id: "true", run: [/bin/true]}]
parallel: 2
YAML
  (cd "$folder" && git init -q && echo .footplate >.gitignore && git add -A >/dev/null && git -c user.name=b -c user.email=b@b commit -qm x)
  "$footplate" run --headless --quiet -C "$folder" >/dev/null
  sleep 3   # younger files are read again, as git does
  "$footplate" run --headless --quiet -C "$folder" >/dev/null
  : >"$work/a"; : >"$work/b"
  for _ in $(seq "$rounds"); do
    seconds "$footplate" run --headless --quiet -C "$folder" >>"$work/a"
    seconds git -C "$folder" status >>"$work/b"
  done
  local ours git; ours=$(median <"$work/a"); git=$(median <"$work/b")
  row "rerun over 100,000 unchanged files" "$ours s" "$git s (git status)" "$(ratio "$ours" "$git")" "≤ 2"
}

enqueue() { # 1,000,000 items into the store
  local folder=$work/million; mkdir -p "$folder"; seq -f 'item-%.0f' 1000000 >"$folder/items.txt"
  cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: million
items: {lines: items.txt}
steps: [{id: stamp, run: "date +%s%N > $FOOTPLATE_STAGING/../../../../stamp"}]
parallel: 2
YAML
  awk '{print NR "," $0 ",1,3,0,0,0,0,0," $0}' "$folder/items.txt" >"$work/rows.csv"
  : >"$work/a"; : >"$work/b"
  for _ in $(seq $(( (rounds + 1) / 2 ))); do
    rm -rf "$folder/.footplate" "$work/import.db"
    local start stamp; start=$(date +%s%N)
    "$footplate" run --headless --quiet --limit 1 -C "$folder" >/dev/null || true
    stamp=$(cat "$folder/.footplate/stamp")
    awk -v a="$start" -v b="$stamp" 'BEGIN {printf "%.4f\n", (b-a)/1e9}' >>"$work/a"
    seconds sqlite3 "$work/import.db" "CREATE TABLE items(id INTEGER PRIMARY KEY, key, a, b, c, d, e, f, g, payload)" ".import --csv $work/rows.csv items" >>"$work/b"
  done
  local ours import; ours=$(median <"$work/a"); import=$(median <"$work/b")
  row "1,000,000 items: start to first dispatch, from nothing" "$ours s" "$import s (sqlite3 .import)" "$(ratio "$ours" "$import")" "≤ 4"
  : >"$work/a"; : >"$work/m"
  for _ in $(seq "$rounds"); do
    local start stamp; start=$(date +%s%N)
    /usr/bin/time -f %M -o "$work/memory" "$footplate" run --headless --quiet --limit 1 -C "$folder" >/dev/null || true
    stamp=$(cat "$folder/.footplate/stamp")
    awk -v a="$start" -v b="$stamp" 'BEGIN {printf "%.4f\n", (b-a)/1e9}' >>"$work/a"
    tail -1 "$work/memory" | awk '{printf "%.0f\n", $1/1024}' >>"$work/m"
  done
  row "resume of that run: start to first dispatch" "$(median <"$work/a") s, $(median <"$work/m") MB" "17 s (GNU parallel --resume, to the end)" "-" "≤ 1 s, ≤ 150 MB"
  # 999,000 of them done: written into the store, since running them takes ten minutes.
  sqlite3 "$folder/.footplate/footplate.db" "UPDATE items SET state = 6 WHERE state = 3 AND ordinal <= 999000;
    UPDATE counts SET count = (SELECT count(*) FROM items WHERE state = 3) WHERE scope = 0 AND state = 3;
    UPDATE counts SET count = (SELECT count(*) FROM items WHERE state = 6) WHERE scope = 0 AND state = 6;"
  : >"$work/a"; : >"$work/m"
  for _ in $(seq "$rounds"); do
    local start stamp; start=$(date +%s%N)
    /usr/bin/time -f %M -o "$work/memory" "$footplate" run --headless --quiet --limit 1 -C "$folder" >/dev/null || true
    stamp=$(cat "$folder/.footplate/stamp")
    awk -v a="$start" -v b="$stamp" 'BEGIN {printf "%.4f\n", (b-a)/1e9}' >>"$work/a"
    tail -1 "$work/memory" | awk '{printf "%.0f\n", $1/1024}' >>"$work/m"
  done
  row "the same with 999,000 done" "$(median <"$work/a") s, $(median <"$work/m") MB" "17 s (GNU parallel --resume, to the end)" "-" "≤ 1 s, ≤ 150 MB"
}

growing_batches() { # the engine's time an item, from the first start to the last end, by the size of the batch
  local size; : >"$work/c"
  for size in 1000 1000000; do
    local folder=$work/size$size; mkdir -p "$folder"; seq "$size" >"$folder/items.txt"
    cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: growing
items: {lines: items.txt}
steps: [{id: "true", run: [/bin/true]}]
parallel: 2
YAML
    : >"$work/a"
    for _ in $(seq "$rounds"); do
      rm -rf "$folder/.footplate"
      "$footplate" run --headless --quiet --limit 1000 -C "$folder" >/dev/null || true
      sqlite3 "$folder/.footplate/footplate.db" "SELECT (max(ended) - min(started)) * 1.0 / count(*) FROM attempts" >>"$work/a"
    done
    median <"$work/a" >>"$work/c"
  done
  local small large; small=$(head -1 "$work/c"); large=$(tail -1 "$work/c")
  row "time an item in a batch of 1,000,000" "$(printf '%.3f' "$large") ms" "$(printf '%.3f' "$small") ms (a batch of 1,000)" "$(ratio "$large" "$small")" "≤ 1.2"
}

many_commands
unchanged_files
enqueue
growing_batches
for part in dashboard live past; do "Benchmarks/$part.sh" "$footplate" | tee -a "$table"; done
{
  echo "# Results"
  echo
  echo "\`Benchmarks/run.sh .build/release/footplate $rounds\` on $(nproc) cores, $(. /etc/os-release; echo "$PRETTY_NAME"), medians."
  echo
  echo "| what | footplate | peer | ratio | target |"
  echo "|---|---|---|---|---|"
  cat "$table"
  echo
  echo "Calls of models beside a bare client: [ModelCalls](ModelCalls/README.md). The library's policies:"
  echo "\`swift run -c release --package-path Benchmarks/Resilience\`."
} >Benchmarks/RESULTS.md

#!/usr/bin/env bash
# Measures the dashboard on a run of 1,000,000 items while an engine works on it and makes about a
# hundred events of the ledger a second, and htop and btop beside it, as far as they are installed, at
# their fastest: ten frames a second, as ours. Prints rows for the table of Benchmarks/RESULTS.md.
#
#   Benchmarks/live.sh .build/release/footplate [SECONDS [PRESSES]]
#
# Each program is left alone for SECONDS (20), then gets PRESSES (200) keys. Needs tmux, sqlite3, script
# (util-linux), seq and awk; strace for the time within the process. Nothing outside a temporary folder
# is touched.
footplate=$(realpath "$1")
seconds=${2:-20}
presses=${3:-200}
starts=11
. "$(dirname "$0")/screen.sh"

# Three commands at once, each a tenth of a second long, and one in five fails.
folder=$work/million; mkdir -p "$folder"
seq -f 'item-%.0f' 1000000 >"$folder/items.txt"
cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: million
items: {lines: items.txt}
steps: [{id: work, run: "sleep 0.1; case $FOOTPLATE_ITEM in *[37]) echo no route to host >&2; exit 1;; esac; echo done"}]
parallel: 3
retry: {attempts: 1}
YAML
clean_up() {
  "$footplate" stop --now -C "$folder" >/dev/null 2>&1 || true
  "$footplate" wait -C "$folder" >/dev/null 2>&1 || true
}
events() { sqlite3 "$folder/.footplate/footplate.db" "SELECT max(sequence) FROM events"; }

measure() { # WINDOW TEXT "KEYS" COMMAND…
  local window=$1 text=$2 keys=$3 pid; shift 3
  pid=$(open_window "$window" "$text" "$@")
  sleep 3   # what a start leaves to do is no idling
  watch_alone "$window" "$pid" "$window" "$seconds"
  # shellcheck disable=SC2086  # keys are words
  key_to_frame "$window" "$pid" $keys
  memory_most "$pid" >"$work/$window.memory"
  t send-keys -t "$window" q
}

"$footplate" run --detach -C "$folder" >/dev/null
pid=$(open_window still-starting "1 Queue" "$footplate" attach -C "$folder")
wait_for still-starting "item-"
t send-keys -t still-starting q
sleep 20   # the first failures, and what a start leaves to do

before=$(events); start=$(date +%s%N)
measure ours "item-" "j k" "$footplate" attach -C "$folder"
rate=$(awk -v a="$before" -v b="$(events)" -v s="$start" -v e="$(date +%s%N)" 'BEGIN {printf "%.0f", (b-a)/(e-s)*1e9}')
first_paint ours "item-" "$starts" q "$footplate" attach -C "$folder"
if command -v htop >/dev/null; then
  measure htop "PID" "Down Up" htop -d 1
  first_paint htop "PID" "$starts" q htop -d 1
fi
if command -v btop >/dev/null; then
  mkdir -p "$work/config/btop"
  printf 'update_ms = 100\n' >"$work/config/btop/btop.conf"
  export XDG_CONFIG_HOME=$work/config
  measure btop "Pid:" "Down Up" env XDG_CONFIG_HOME="$work/config" btop --utf-force
  first_paint btop "Pid:" "$starts" q env XDG_CONFIG_HOME="$work/config" btop --utf-force
fi

compare() { # WHAT FIGURE STATISTIC UNIT TARGET
  local ours peer theirs names="" first=-
  ours=$(of "ours.$2" "$3")
  for peer in htop btop; do
    theirs=$(of "$peer.$2" "$3")
    if [ "$theirs" = - ] || { [ "$2" = frame ] && [ "$peer" = htop ]; }; then continue; fi
    if [ "$first" = - ]; then first=$theirs; fi
    names="$names${names:+, }$theirs $4 ($peer)"
  done
  row "$1" "$(with_unit "$ours" "$4")" "${names:--}" "$(ratio "$ours" "$first")" "$5"
}
frames=$(awk -v f="$(of ours.frames)" -v s="$seconds" 'BEGIN {printf "%.1f", f/s}')
compare "dashboard live at 200×60, 1,000,000 items, $rate events/s, $frames frames/s: CPU a frame" frame cat ms "≤ 1 ms"
compare "the same: of a core (peers: ten updates a second)" cpu cat "%" "-"
compare "the same: key to frame, within the process, 99th percentile of $presses (strace on)" presses p99 ms "≤ 16 ms"
compare "the same, the median" presses median ms "-"
compare "the same: first paint with its rows, from the start (median of $starts)" first median ms "≤ 100 ms"
compare "the same, the worst" first worst ms "-"
compare "the same: memory, the most that it took" memory cat MB "≤ 60 MB"

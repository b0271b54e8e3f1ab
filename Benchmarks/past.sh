#!/usr/bin/env bash
# Measures the dashboard where there is much to look at: 50,000 failures in 50 groups, and time travel
# in runs of 10,000 and of 1,000,000 items; prints rows for the table of Benchmarks/RESULTS.md.
#
#   Benchmarks/past.sh .build/release/footplate
#
# Needs tmux, script (util-linux), seq and awk. Nothing outside a temporary folder is touched.
footplate=$(realpath "$1")
starts=11
. "$(dirname "$0")/screen.sh"

batch() { # FOLDER ITEMS STEP: runs it to its end, or as far as more arguments of run say
  local folder=$work/$1 count=$2 step=$3; shift 3
  mkdir -p "$folder"
  seq -f 'item-%.0f' "$count" >"$folder/items.txt"
  printf 'version: 1\nname: bench\nitems: {lines: items.txt}\nsteps: [{id: work, run: %s}]\nparallel: 2\nretry: {attempts: 1}\n' \
    "$step" >"$folder/footplate.yaml"
  "$footplate" run --headless --quiet "$@" -C "$folder" >/dev/null || test $? = 1
}

# The milliseconds from a key until the part of the screen that an expression names is another one; a
# look at the screen takes some milliseconds.
key_until() { # WINDOW KEY EXPRESSION
  local before after start
  before=$(t capture-pane -p -t "$1" | grep -oE -- "$3" || true)
  start=$(date +%s%N)
  t send-keys -t "$1" "$2"
  for _ in $(seq 100000); do
    after=$(t capture-pane -p -t "$1" | grep -oE -- "$3" || true)
    if [ -n "$after" ] && [ "$after" != "$before" ]; then break; fi
  done
  awk -v a="$start" -v b="$(date +%s%N)" 'BEGIN {printf "%.1f\n", (b-a)/1e6}'
}

place='event [0-9,]+ of'

batch failures 50000 '"exit $(( ${FOOTPLATE_ITEM#item-} % 50 + 1 ))"'
first_paint failures "item-" "$starts" q "$footplate" attach -C "$work/failures"
pid=$(open_window failures "50 groups" "$footplate" attach -C "$work/failures")
sleep 3
watch_alone failures "$pid" failures 10
t send-keys -t failures q
row "50,000 failed items in 50 groups: first paint (median of $starts)" "$(with_unit "$(of failures.first median)" ms)" - - "≤ 100 ms"
row "the same, idle: of a core" "$(with_unit "$(of failures.cpu)" %)" - - "≤ 0.5 %"

# The rows of a run's past: how long the way there takes, and a step back in it.
travel() { # FOLDER WHAT
  local entering
  open_window "$1" "item-" "$footplate" attach -C "$work/$1" >/dev/null
  sleep 1
  entering=$(key_until "$1" t "$place")
  for _ in $(seq "$presses"); do key_until "$1" '[' "$place"; sleep 0.1; done >"$work/$1.steps"
  t send-keys -t "$1" q
  row "$2: key to the first picture of its past" "$entering ms" - - -
  row "the same: a step back (median of $presses)" "$(with_unit "$(of "$1.steps" median)" ms)" - - "≤ 100 ms"
  row "the same, the worst" "$(with_unit "$(of "$1.steps" worst)" ms)" - - "≤ 100 ms"
}

batch thousands 10000 '[/bin/true]'
travel thousands "a run of 10,000 items"
batch million 1000000 '[/bin/true]' --limit 1000
travel million "1,000,000 items, 1,000 of them done"

#!/usr/bin/env bash
# Measures the dashboard on a run of 1,000,000 items that nothing works on, and htop beside it where
# that is installed; prints rows for the table of Benchmarks/RESULTS.md. The same at work: live.sh.
#
#   Benchmarks/dashboard.sh .build/release/footplate [SECONDS]
#
# Idle means: nobody presses a key for SECONDS (10) and no engine runs; the ages of the rows that are
# shown count on, unless the display is frozen (z). Needs tmux, seq and awk;
# strace for the time within the process. Nothing outside a temporary folder is touched.
footplate=$(realpath "$1")
seconds=${2:-10}
. "$(dirname "$0")/screen.sh"

measure() { # WINDOW TEXT "KEYS" COMMAND…
  local window=$1 text=$2 keys=$3 pid; shift 3
  pid=$(open_window "$window" "$text" "$@")
  sleep 3   # what a start leaves to do is no idling
  watch_alone "$window" "$pid" "$window" "$seconds"
  if [ "$window" = rows ]; then
    t send-keys -t "$window" z; sleep 1
    watch_alone "$window" "$pid" frozen "$seconds"
    t send-keys -t "$window" z; sleep 1
  fi
  memory "$pid" >"$work/$window.memory"
  # shellcheck disable=SC2086  # keys are words
  key_to_screen "$window" $keys
  # shellcheck disable=SC2086
  key_to_frame "$window" "$pid" $keys
  t send-keys -t "$window" q
}

folder=$work/million; mkdir -p "$folder"
seq -f 'item-%.0f' 1000000 >"$folder/items.txt"
cat >"$folder/footplate.yaml" <<'YAML'
version: 1
name: million
items: {lines: items.txt}
steps: [{id: t, run: [/bin/true]}]
parallel: 2
YAML
"$footplate" run --headless --quiet --limit 20 -C "$folder" >/dev/null || test $? = 1

measure rows "1 Queue" "j k" "$footplate" attach -C "$folder"
measure ends "1 Queue" "G g" "$footplate" attach -C "$folder"
peer=-
if command -v htop >/dev/null; then
  measure peer "PID" "Down Up" htop
  peer=htop
fi

# The peer does what the window `rows` does; the others are compared with nothing.
compare() { # WHAT FIGURE STATISTIC UNIT TARGET [WINDOW]
  local ours theirs=- window=${6:-rows}
  ours=$(of "$window.$2" "$3")
  if [ "$window" = rows ]; then theirs=$(of "peer.$2" "$3"); fi
  local name; name=$(with_unit "$theirs" "$4"); if [ "$theirs" != - ]; then name="$name ($peer)"; fi
  row "$1" "$(with_unit "$ours" "$4")" "$name" "$(ratio "$ours" "$theirs")" "$5"
}
resolution=$(look still)
compare "dashboard idle ${seconds} s at 200×60, 1,000,000 items: of a core" cpu cat "%" "≤ 0.5 %"
compare "the same: bytes to the terminal, where 48 ages count on" count cat bytes "-"
compare "the same with a frozen display: bytes to the terminal" count cat bytes "0 bytes" frozen
compare "the same: resident memory" memory cat MB "≤ 60 MB"
compare "key to frame, within the process (median of $presses, strace on)" presses median ms "≤ 16 ms"
compare "the same, the worst" presses worst ms "-"
compare "the same, from one end of the queue to the other and back" presses median ms "≤ 16 ms" ends
compare "send-keys to another screen (median; one look takes $resolution ms)" keys median ms "-"
compare "the same, from one end of the queue to the other and back" keys median ms "-" ends

#!/usr/bin/env bash
# Measures the dashboard on a run of 1,000,000 items, and htop beside it where that is installed, each
# in a tmux window of 200×60 of its own; prints rows for the table of Benchmarks/RESULTS.md.
#
#   Benchmarks/dashboard.sh .build/release/footplate [SECONDS]
#
# Idle means: nobody presses a key for SECONDS (10) and no engine runs; the ages of the rows that are
# shown count on, unless the display is frozen (z). Needs tmux, seq and awk;
# strace for the time within the process. Nothing outside a temporary folder is touched.
set -euo pipefail
footplate=$(realpath "$1")
seconds=${2:-10}
presses=31
work=$(mktemp -d)
export TMUX_TMPDIR=$work LC_ALL=C.UTF-8
unset TMUX
t() { tmux -f /dev/null -L bench "$@"; }
trap 't kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

median() { sort -n | awk '{v[NR]=$1} END {if (NR) print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2; else print "-"}'; }
worst() { sort -n | tail -1; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (b+0 > 0) printf "%.2f", a/b; else print "-"}'; }
with_unit() { if [ "$1" = - ]; then echo -; else echo "$1 $2"; fi; }

# Waits for a text in the window; a screen that never comes is an error and is shown.
wait_for() {
  for _ in $(seq 400); do
    if t capture-pane -p -t "$1" 2>/dev/null | grep -qF -- "$2"; then return; fi
    sleep 0.05
  done
  echo "no '$2' in the window of $1:" >&2
  t capture-pane -p -t "$1" >&2
  exit 1
}

# Nanoseconds on a processor, all threads of a process together.
processor_time() { awk '{sum += $1} END {printf "%.0f\n", sum}' /proc/"$1"/task/*/schedstat; }

idle() { # WINDOW PID NAME: percent of a core, and bytes that the terminal got
  local before after bytes=$work/$3.bytes
  : >"$bytes"
  t pipe-pane -O -t "$1" "cat >>'$bytes'"
  before=$(processor_time "$2")
  sleep "$seconds"
  after=$(processor_time "$2")
  t pipe-pane -t "$1"
  awk -v a="$before" -v b="$after" -v s="$seconds" 'BEGIN {printf "%.3f\n", (b-a)/s/1e7}' >"$work/$3.cpu"
  wc -c <"$bytes" >"$work/$3.count"
}

memory() { awk '/^VmRSS/ {printf "%.1f\n", $2/1024}' /proc/"$1"/status; }

# Milliseconds from before `send-keys` starts until a capture differs. Each look is a process of its
# own, whose time is the resolution and is in the figure at least twice.
key_to_screen() { # WINDOW KEY KEY…
  local window=$1 before start end; shift
  : >"$work/$window.keys"
  for index in $(seq "$presses"); do
    before=$(t capture-pane -p -e -t "$window")
    local key=${*:$(( (index - 1) % $# + 1 )):1}
    start=$(date +%s%N)
    t send-keys -t "$window" "$key"
    for _ in $(seq 2000); do
      if [ "$(t capture-pane -p -e -t "$window")" != "$before" ]; then break; fi
    done
    end=$(date +%s%N)
    awk -v a="$start" -v b="$end" 'BEGIN {printf "%.2f\n", (b-a)/1e6}' >>"$work/$window.keys"
    sleep 0.1   # whatever else the key leads to is not the next key's
  done
}

look() { # milliseconds of one look
  for _ in $(seq "$presses"); do
    local start end
    start=$(date +%s%N); t capture-pane -p -e -t "$1" >/dev/null; end=$(date +%s%N)
    awk -v a="$start" -v b="$end" 'BEGIN {printf "%.2f\n", (b-a)/1e6}'
  done | median
}

# Milliseconds between the read that brought the key and the end of the first frame after it, by the
# process's own system calls; strace makes it slower than it is.
key_to_frame() { # WINDOW PID KEY KEY…
  local window=$1 pid=$2 tracer; shift 2
  command -v strace >/dev/null || return 0
  strace -f -ttt -T -y -e trace=read,write -o "$work/$window.trace" -p "$pid" 2>"$work/strace.err" &
  tracer=$!
  sleep 0.5
  if ! kill -0 "$tracer" 2>/dev/null; then return 0; fi
  for index in $(seq "$presses"); do
    t send-keys -t "$window" "${*:$(( (index - 1) % $# + 1 )):1}"
    sleep 0.2
  done
  kill "$tracer"
  wait "$tracer" 2>/dev/null || true
  # A frame's writes follow each other at once: the last within 50 ms of the first ends it.
  awk '
    function done() { if (pressed && last) printf "%.2f\n", (last - pressed) * 1000; pressed = last = first = 0 }
    $3 ~ /^read\(0</ && $0 ~ /= [1-9][0-9]* </ { if (!pressed || last) { done(); pressed = $2 + 0 } next }
    $3 ~ /^write\(1</ && pressed { if (!first) first = $2; if ($2 - first < 0.05) last = $2 + 0 }
    END { done() }' "$work/$window.trace" >"$work/$window.frames"
}

measure() { # WINDOW TEXT "KEYS" COMMAND…
  local window=$1 text=$2 keys=$3 pid; shift 3
  if t has-session 2>/dev/null; then t new-window -d -n "$window" "$@"
  else t new-session -d -x 200 -y 60 -n "$window" "$@"; fi
  wait_for "$window" "$text"
  pid=$(t list-panes -t "$window" -F '#{pane_pid}')
  sleep 3   # what a start leaves to do is no idling
  idle "$window" "$pid" "$window"
  if [ "$window" = rows ]; then
    t send-keys -t "$window" z; sleep 1
    idle "$window" "$pid" frozen
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

# A window that stays, so that the server does when a program is left.
t new-session -d -x 200 -y 60 -n still sleep 3600
measure rows "1 Queue" "j k" "$footplate" attach -C "$folder"
measure ends "1 Queue" "G g" "$footplate" attach -C "$folder"
peer=-
if command -v htop >/dev/null; then
  measure peer "PID" "Down Up" htop
  peer=htop
fi

of() { if [ -s "$work/$1" ]; then "${2:-cat}" <"$work/$1"; else echo -; fi; }
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
compare "the same: resident memory" memory cat MB "-"
compare "key to frame, within the process (median of $presses, strace on)" frames median ms "≤ 16 ms"
compare "the same, the worst" frames worst ms "-"
compare "the same, from one end of the queue to the other and back" frames median ms "≤ 16 ms" ends
compare "send-keys to another screen (median; one look takes $resolution ms)" keys median ms "-"
compare "the same, from one end of the queue to the other and back" keys median ms "-" ends

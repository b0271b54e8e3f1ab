# What the tables of the dashboard are measured with: windows of 200×60 in a tmux of their own.
#
# Sourced by dashboard.sh and live.sh. Nothing outside a temporary folder is touched.
set -euo pipefail
presses=${presses:-31}
work=$(mktemp -d)
export TMUX_TMPDIR=$work LC_ALL=C.UTF-8
unset TMUX
t() { tmux -f /dev/null -L bench "$@"; }
# Called at the end, whatever happens; a script that leaves more behind says what to do about it.
clean_up() { :; }
trap 'clean_up; t kill-server 2>/dev/null || true; rm -rf "$work" || { sleep 2; rm -rf "$work"; }' EXIT

median() { sort -n | awk '{v[NR]=$1} END {if (NR) print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2; else print "-"}'; }
worst() { sort -n | tail -1; }
# The smallest value that 99 of 100 do not exceed.
p99() { sort -n | awk '{v[NR]=$1} END {if (NR) {i = int(NR*0.99); if (i < NR*0.99) i++; print v[i]} else print "-"}'; }
row() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (a != "-" && b+0 > 0) printf "%.2f", a/b; else print "-"}'; }
with_unit() { if [ "$1" = - ]; then echo -; else echo "$1 $2"; fi; }
# A figure that was written down, or several as one statistic of them; `-` when there is none.
of() { if [ -s "$work/$1" ]; then "${2:-cat}" <"$work/$1"; else echo -; fi; }

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

# The first window stays, so that the server does when a program is left.
serve() { t has-session 2>/dev/null || t new-session -d -x 200 -y 60 -n still sleep 86400; }

# Starts a program in a window of its own, waits for its screen and prints its process.
open_window() { # WINDOW TEXT COMMAND…
  local window=$1 text=$2; shift 2
  serve
  t new-window -d -n "$window" "$@"
  wait_for "$window" "$text"
  t list-panes -t "$window" -F '#{pane_pid}'
}

# Nanoseconds on a processor, all threads of a process together.
processor_time() { awk '{sum += $1} END {printf "%.0f\n", sum}' /proc/"$1"/task/*/schedstat; }

# Leaves a program alone for some seconds: NAME.cpu is percent of a core, NAME.count the bytes that the
# terminal got, NAME.frames how many whole frames they were (synchronised output, DEC mode 2026), and
# NAME.frame the milliseconds on a processor a frame.
watch_alone() { # WINDOW PID NAME SECONDS
  local before after bytes=$work/$3.bytes
  : >"$bytes"
  t pipe-pane -O -t "$1" "cat >>'$bytes'"
  before=$(processor_time "$2")
  sleep "$4"
  after=$(processor_time "$2")
  t pipe-pane -t "$1"
  sleep 0.2
  awk -v a="$before" -v b="$after" -v s="$4" 'BEGIN {printf "%.3f\n", (b-a)/s/1e7}' >"$work/$3.cpu"
  wc -c <"$bytes" >"$work/$3.count"
  { grep -aoF $'\e[?2026h' "$bytes" || true; } | wc -l >"$work/$3.frames"
  awk -v a="$before" -v b="$after" -v f="$(cat "$work/$3.frames")" \
    'BEGIN {if (f > 0) printf "%.2f\n", (b-a)/f/1e6; else print "-"}' >"$work/$3.frame"
}

memory() { awk '/^VmRSS/ {printf "%.1f\n", $2/1024}' /proc/"$1"/status; }
memory_most() { awk '/^VmHWM/ {printf "%.1f\n", $2/1024}' /proc/"$1"/status; }

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

# Milliseconds of one look.
look() {
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
  # The writes of one frame follow each other at once; the next frame comes 8 ms later at the earliest.
  # A call that another thread's came in between of has two lines.
  awk '
    function done() { if (pressed && last) printf "%.2f\n", (last - pressed) * 1000; pressed = last = 0 }
    function ended() { return match($0, /<[0-9.]+>$/) ? $2 + substr($0, RSTART + 1, RLENGTH - 2) : $2 + 0 }
    function press(at) { if (!pressed || last) { done(); pressed = at } }
    / <unfinished \.\.\.>$/ { began[$1] = $3; next }
    /<\.\.\. read resumed>/ { if (began[$1] ~ /^read\(0</ && / = [1-9]/) press($2 + 0); next }
    /<\.\.\. write resumed>/ { if (began[$1] !~ /^write\(1</) next; $3 = began[$1] }
    $3 ~ /^read\(0</ { if (/ = [1-9][0-9]* </) press(ended()); next }
    $3 ~ /^write\(1</ && pressed { if (last && $2 - last > 0.004) done(); else last = ended() }
    END { done() }' "$work/$window.trace" >"$work/$window.presses"
}

# Milliseconds from the start of a program until the terminal has got the whole of the first text that
# only a screen with its content has: the stamps of `script`, which stands between program and tmux.
first_paint() { # NAME TEXT TIMES KEY COMMAND…
  local name=$1 text=$2 times=$3 key=$4 log=$work/$1.script clock=$work/$1.clock; shift 4
  command -v script >/dev/null || return 0
  serve
  : >"$work/$name.first"
  for _ in $(seq "$times"); do
    rm -f "$log" "$clock"
    t new-window -d -n paint env SHELL=/bin/sh script -qf --log-out "$log" --log-timing "$clock" \
      -c "exec $(printf "'%s' " "$@")"
    sleep 1.5
    t send-keys -t paint "$key"
    for _ in $(seq 100); do t list-windows -F '#W' | grep -qx paint || break; sleep 0.05; done
    # The log's first line is script's own; the clock's lines are a pause and the bytes after it.
    awk -v head="$(head -1 "$log" | wc -c)" -v at="$(grep -aboF -m1 -- "$text" "$log" | head -1 | cut -d: -f1)" '
      BEGIN {if (at == "") exit}
      {time += $1; bytes += $2; if (bytes > at - head) {printf "%.1f\n", time * 1000; exit}}' \
      "$clock" >>"$work/$name.first"
  done
}

#!/usr/bin/env bash
# Measures the delivery of events, what a sink costs a run, and how fast a hook is answered.
#
#   Benchmarks/outbox.sh .build/release/footplate [ROUNDS] [ITEMS] [CALLS]
#
# Runs are paired: without a sink, with one that is well, that is dead, that answers after a second.
# Needs python3, for the sink and the percentiles.
set -euo pipefail
footplate=$(realpath "$1")
rounds=${2:-5} items=${3:-10000} calls=${4:-1000}
work=$(mktemp -d)
sink=
trap 'kill "$sink" 2>/dev/null || true; rm -rf "$work"' EXIT

cat >"$work/sink.py" <<'PY'
import http.server, sys, time
delay = float(sys.argv[2])
class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(delay)
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()
    def log_message(self, *arguments): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
PY
cat >"$work/latency.py" <<'PY'
import subprocess, sys, time
times = []
for number in range(int(sys.argv[1])):
    start = time.perf_counter()
    subprocess.run(sys.argv[2:] + ["--reason", str(number)], check=True)
    times.append((time.perf_counter() - start) * 1000)
times.sort()
print("p50 %.1f ms, p99 %.1f ms" % (times[len(times) // 2], times[int(len(times) * 0.99)]))
PY

start_sink() { # DELAY
  rm -f "$work/port"
  python3 "$work/sink.py" "$work/port" "$1" & sink=$!
  until [ -s "$work/port" ]; do sleep 0.05; done
}
stop_sink() { kill "$sink"; wait "$sink" 2>/dev/null || true; }
median() { sort -n | awk '{v[NR]=$1} END {print (NR%2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
seconds() { local start end; start=$(date +%s%N); "$@" >/dev/null 2>&1; end=$(date +%s%N)
  awk -v a="$start" -v b="$end" 'BEGIN {printf "%.4f\n", (b-a)/1e9}'; }
define() { # SINK
  rm -rf "$work/batch"; mkdir -p "$work/batch"; seq "$items" >"$work/batch/items.txt"
  cat >"$work/batch/footplate.yaml" <<YAML
version: 1
name: bench
items: {lines: items.txt}
steps: [{id: "true", run: [/bin/true]}]
parallel: 2
$1
YAML
}
one() { # NAME SINK
  define "$2"
  seconds "$footplate" run --headless --quiet -C "$work/batch" >>"$work/$1"
}
dead='events: {sink: "http://127.0.0.1:9/events"}'

for _ in $(seq "$rounds"); do
  one none ''
  one dead "$dead"
  start_sink 0; one well "events: {sink: \"http://127.0.0.1:$(cat "$work/port")/events\"}"; stop_sink
  start_sink 1; one slow "events: {sink: \"http://127.0.0.1:$(cat "$work/port")/events\"}"; stop_sink
done
none=$(median <"$work/none")
echo "$items items without a sink: $none s"
for name in well dead slow; do
  median <"$work/$name" | awk -v n="$name" -v a="$none" \
    '{printf "with a sink that is %s: %.3f s (%+.1f %%)\n", n, $1, ($1 / a - 1) * 100}'
done

define "$dead"
"$footplate" run --headless --quiet -C "$work/batch" >/dev/null 2>&1
start_sink 0
export FOOTPLATE_EVENTS_SINK="http://127.0.0.1:$(cat "$work/port")/events"
took=$(seconds "$footplate" sync --now -C "$work/batch")
"$footplate" sync --json -C "$work/batch" | python3 -c '
import json, sys
delivered = json.load(sys.stdin)["delivered"]
print("%d events in %s s: %.0f a second" % (delivered, sys.argv[1], delivered / float(sys.argv[1])))' "$took"
unset FOOTPLATE_EVENTS_SINK
for state in up slow down; do
  [ "$state" = up ] || stop_sink
  [ "$state" != slow ] || start_sink 1
  printf 'footplate-track, sink %s: ' "$state"
  python3 "$work/latency.py" "$calls" "$footplate-track" modified "$work/batch/items.txt" -C "$work/batch"
done
printf 'footplate track, sink down: '
python3 "$work/latency.py" "$calls" "$footplate" track modified "$work/batch/items.txt" -C "$work/batch"

#!/usr/bin/env bash
# Pictures of the real program in a real terminal: xterm under Xvfb, at the sizes that the dashboard
# is drawn for. The batches are Examples/review over copies of footplate's own sources, and the demo.
#   Examples/screenshots.sh FOOTPLATE [FOLDER]
set -euo pipefail
footplate=$(realpath "$1")
cd "$(dirname "$0")/.."
pictures=$(realpath "${2:-screenshots}")
examples=$(realpath Examples)
work=$(mktemp -d)
mkdir -p "$pictures" "$work/footplate"
cp -r Sources/. .swift-format "$work/footplate/"
started=()
cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for folder in "$work/footplate" "$work/calls"; do
    "$footplate" stop --now -C "$folder" >/dev/null 2>&1 || true
    "$footplate" wait -C "$folder" >/dev/null 2>&1 || true
  done
  rm -rf "$work"
}
trap cleanup EXIT

# A screen of our own, on the first free number.
exec 3> "$work/display"
Xvfb -displayfd 3 -screen 0 2400x1600x24 -nolisten tcp >/dev/null 2>&1 &
started+=("$!")
until [ -s "$work/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY LANG=C.UTF-8 LC_ALL=C.UTF-8 REVIEW_PAUSE="${REVIEW_PAUSE-0.6}"

cd "$work/footplate"
"$footplate" run --detach --parallel 6 -f "$examples/review/footplate.yaml" -C . >/dev/null
# Until there is something to see: three groups of failures, and some hundred files done.
until [ "$("$footplate" failures --json -C . 2>/dev/null | grep -c '"group"')" = 3 ] &&
  [ "$("$footplate" export items -C . | grep -c '"state":"done"')" -gt 100 ]; do sleep 0.5; done

dashboard=("$footplate" attach -f "$examples/review/footplate.yaml" -C .)

# shot NAME COLUMNSxROWS SECONDS [KEY…]: attaches, looks on for so long, presses the keys, takes the
# picture, and detaches.
shot() {
  local name=$1 size=$2 seconds=$3 window
  shift 3
  xterm -geometry "$size+0+0" -fa 'DejaVu Sans Mono' -fs 11 -bg '#16181d' -fg '#d5d9e0' -b 6 \
    -tn xterm-256color -title footplate -xrm 'xterm*allowSendEvents: true' \
    -e "${dashboard[@]}" &
  local terminal=$!
  started+=("$terminal")
  until window=$(xdotool search --onlyvisible --class xterm 2>/dev/null); do sleep 0.2; done
  sleep "$seconds"
  for key in "$@"; do
    press "$window" "$key"
  done
  sleep 1
  import -window "$window" -strip "$pictures/$name.png"
  for key in Escape Escape Escape q; do press "$window" "$key"; done
  wait "$terminal" || true
  echo "$name.png"
}

# themed THEME…: the same moment in other colours.
themed() {
  local theme plain=("${dashboard[@]}")
  for theme in "$@"; do
    dashboard=("${plain[@]}" --theme "$theme")
    shot "theme-$theme-80x24" 80x24 3 2
  done
  dashboard=("${plain[@]}")
}

press() {
  # The window closes with the last key.
  xdotool key --window "$1" "$2" 2>/dev/null || true
  sleep 0.4
}

shot dashboard-120x40 120x40 4
shot dashboard-80x24 80x24 4
shot log-120x40 120x40 3 j j Return Return
shot failures-120x40 120x40 3 2 j
shot samples-120x40 120x40 3 2 j Return n
shot palette-120x40 120x40 3 colon
shot help-120x40 120x40 3 question
shot dashboard-200x60 200x60 20
shot replay-200x60 200x60 3 t braceleft braceleft
themed dark colorblind
"$footplate" pause -C . >/dev/null
shot paused-120x40 120x40 4 2
"$footplate" resume -C . >/dev/null

# Its outage is on from 40 to 55 seconds after the first call.
dashboard=("$footplate" demo -C "$work/calls")
shot calls-120x40 120x40 50
# Who was last seen two hours ago is told what happened since.
"$footplate" wait -C "$work/calls" >/dev/null || true
for seen in "$work"/calls/.footplate/viewers/*.seen; do
  sed -i "s/\"at\":{[^}]*}/\"at\":{\"nanoseconds\":$((($(date +%s) - 7200) * 1000000000))}/g" "$seen"
done
dashboard=("$footplate" attach -C "$work/calls")
shot away-80x24 80x24 3

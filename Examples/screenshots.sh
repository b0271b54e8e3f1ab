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
Xvfb -displayfd 3 -screen 0 3200x1600x24 -nolisten tcp -noreset >/dev/null 2>&1 &
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

# open_window NAME COLUMNSxROWS[+X+Y]: a terminal with the dashboard, known by its name.
open_window() {
  local place=$2
  [[ $place == *+* ]] || place+=+0+0
  xterm -name "$1" -geometry "$place" -fa 'DejaVu Sans Mono' -fs 11 -bg '#16181d' -fg '#d5d9e0' \
    -b 6 -tn xterm-256color -title footplate -xrm '*allowSendEvents: true' -e "${dashboard[@]}" &
  started+=("$!")
  until window "$1" >/dev/null; do sleep 0.2; done
}

window() { xdotool search --onlyvisible --classname "^$1\$" 2>/dev/null; }

press() { # NAME KEY…
  local name=$1 key
  shift
  for key in "$@"; do
    # The window closes with the last key.
    xdotool key --window "$(window "$name")" "$key" 2>/dev/null || true
    sleep 0.4
  done
}

picture() { import -window "$(window "$1")" -strip "$pictures/$1.png"; }

leave() {
  press "$1" Escape Escape Escape q
  while window "$1" >/dev/null; do sleep 0.2; done
  echo "$1.png"
}

# shot NAME COLUMNSxROWS SECONDS [KEY…]: attaches, looks on for so long, presses the keys, takes the
# picture, and detaches.
shot() {
  local name=$1 seconds=$3
  open_window "$name" "$2"
  sleep "$seconds"
  press "$name" "${@:4}"
  sleep 1
  picture "$name"
  leave "$name"
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

# The demo in its outage, in three windows at once.
dashboard=("$footplate" demo -C "$work/calls")
open_window demo-200x60 200x60
until "$footplate" status -C "$work/calls" >/dev/null 2>&1; do sleep 0.5; done
dashboard=("$footplate" attach -C "$work/calls")
open_window demo-120x40 120x40+1900+0
open_window demo-80x24 80x24+1900+900
until "$footplate" status --json -C "$work/calls" | grep -q '"breaker" *: *"open"'; do sleep 0.5; done
sleep 4
for name in demo-200x60 demo-120x40 demo-80x24; do press "$name" g; done
for name in demo-200x60 demo-120x40 demo-80x24; do picture "$name"; done
for name in demo-80x24 demo-120x40 demo-200x60; do leave "$name"; done

# Who was last seen two hours ago is told what happened since.
"$footplate" wait -C "$work/calls" >/dev/null || true
for seen in "$work"/calls/.footplate/viewers/*.seen; do
  sed -i "s/\"at\":{[^}]*}/\"at\":{\"nanoseconds\":$((($(date +%s) - 7200) * 1000000000))}/g" "$seen"
done
dashboard=("$footplate" attach -C "$work/calls")
shot away-80x24 80x24 3

#!/usr/bin/env bash
# Installs the Debian packages that are missing of those that are named; asks for sudo only then.
set -euo pipefail
if ! command -v swift >/dev/null; then
  echo "no swift here: footplate is built with a Swift toolchain, 6.2 or later, from" >&2
  echo "https://www.swift.org/install/linux/ ; unpack it and put its usr/bin into your PATH" >&2
  exit 1
fi
missing=()
for package in "$@"; do
  # An installed package's status ends with "installed"; a removed one is known to dpkg too.
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "${status##* }" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "no apt-get here: install these by hand: ${missing[*]}" >&2
  exit 1
fi
echo "installing ${missing[*]}"
sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

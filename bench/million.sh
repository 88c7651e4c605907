#!/usr/bin/env bash
# A million rows from a server on loopback through `tule run` to files: seconds, rate and peak memory
# of each form, beside `curl` of the same answers and a plain copy of them to disk.
#
#   bench/million.sh [RUNS]
#
# Needs curl and GNU time. The server makes the rows up while it sends them, so that it is the
# server's own speed that `curl` shows; no form can be faster.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
cargo build --release --quiet -p tule -p tule-portal --bin tule --example million
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
"$bin/examples/million" serve > "$work/address" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
until [ -s "$work/address" ]; do sleep 0.05; done
address=$(cat "$work/address")
tule=$(cd "$(dirname "$bin/tule")" && pwd)/tule
export HOME=$work TULE_CACHE=$work/cache
cd "$work"
cat > tule.toml <<TOML
[portals.made_up]
url = "$address"
kind = "socrata"
[datasets]
calls = "made_up/mill-ions"
TOML
"$tule" lock > /dev/null 2>&1

# The requests that the program sends: twenty pages, each behind the last row of the one before.
pages() {
  for page in $(seq 0 19); do
    where=""
    [ "$page" -gt 0 ] && where="&\$where=:id%20%3E%20'row-$((page * 50000 - 1))'"
    echo "url = \"$address/resource/mill-ions.json?\$limit=50000$where\""
    echo "output = \"$1\""
  done
}
row() { printf '%-10s %8s s %8s MB/s %10s kB\n' "$1" "$2" "$3" "$4"; }
measure() {
  local name=$1 best=999999 memory=0
  shift
  for _ in $(seq "$runs"); do
    /usr/bin/time -f '%e %M' -o "$work/time" "$@" > /dev/null 2> "$work/errors" || { cat "$work/errors"; exit 1; }
    read -r seconds peak < "$work/time"
    if awk "BEGIN { exit !($seconds < $best) }"; then best=$seconds; fi
    if [ "$peak" -gt "$memory" ]; then memory=$peak; fi
  done
  row "$name" "$best" "$(awk "BEGIN { printf \"%.0f\", $bytes / 1e6 / $best }")" "$memory"
}
# What the server sends, unpacked; the rate of every form is that of these bytes.
pages "$work/page" > all.curl
bytes=$(curl -sS -w '%{size_download}\n' -K all.curl | awk '{ sum += $1 } END { print sum }')
echo "$bytes bytes of JSON in 20 answers; best of $runs runs, highest peak memory"
pages /dev/null > null.curl
measure curl curl -sS -K null.curl
for form in csv jsonl json; do
  measure "$form" "$tule" run -e 'select * from calls limit all' -o "rows.$form"
done
for form in csv jsonl; do
  lines=$(wc -l < "rows.$form")
  [ "$lines" -ge 1000000 ] || { echo "rows.$form has $lines lines"; exit 1; }
done

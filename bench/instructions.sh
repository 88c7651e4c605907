#!/bin/sh
# Instructions per byte of each stage, by callgrind: 3 passes less 1 pass, so that start-up, the
# making of the corpus and the first, cold pass do not count. With --gate, exits 1 when a stage
# is over the limit in docs/performance.md.
set -eu
cd "$(dirname "$0")"
gate=${1:-}
cargo build --release --quiet --bin count
count=${CARGO_TARGET_DIR:-target}/release/count

collected() { # stage passes corpus
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$count" "$1" "$2" "$3" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *//p'
}

failed=0
printf '%-20s %-9s %10s %8s\n' stage corpus instr/byte limit
while read -r stage corpus limit; do
    bytes=$("$count" "$stage" 0 "$corpus")
    one=$(collected "$stage" 1 "$corpus")
    three=$(collected "$stage" 3 "$corpus")
    value=$(awk "BEGIN { printf \"%.1f\", ($three - $one) / 2 / $bytes }")
    printf '%-20s %-9s %10s %8s\n' "$stage" "$corpus" "$value" "$limit"
    if [ "$limit" != - ] && awk "BEGIN { exit !($value > $limit) }"; then
        failed=1
    fi
done <<LIMITS
lex plain -
parse plain 80
check plain 110
check extended 110
check broken 150
compile plain -
sqlparser-tokenize plain -
sqlparser plain -
LIMITS
echo
"$count" allocations
if [ "$gate" = --gate ]; then
    exit $failed
fi

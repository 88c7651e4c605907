#!/usr/bin/env bash
# `tule check` beside `ruff check --no-cache`: wall time for many small files, and for one.
# Both sets of files come from a seed; runs take turns; medians and ratios are printed.
# Needs ruff (`pip install ruff`; RUFF names another) and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
files=${FILES:-1000} rounds=${ROUNDS:-15}
ruff=${RUFF:-ruff}
cargo build --release --quiet --locked -p tule
tule=$(realpath "${CARGO_TARGET_DIR:-target}/release/tule")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/tule" "$work/ruff"
cp examples/stockton/tule.toml examples/stockton/tule.lock "$work/tule/"
python3 - "$work" "$files" <<'PYTHON'
import random, sys
work, files = sys.argv[1], int(sys.argv[2])
random.seed(20260601)
columns = ["beat", "priority", "call_no", "call_type_final_d", "districtname", "first_cross_street"]
for number in range(files):
    a, b, c = random.sample(columns, 3)
    beat, year, month = random.randint(1, 9), random.randint(2019, 2025), random.randint(1, 12)
    query = f"""-- Calls of beat C{beat}, number {number}.
from police_calls
select {a}, {b}, count(*) as calls
where call_entry_date >= '{year}-{month:02}-01' and beat = 'C{beat}' and {c} is not null
group by {a}, {b}
order by calls desc, {a}, {b}
limit {random.randint(10, 500)};
"""
    code = f'''"""Calls of beat C{beat}, number {number}."""


def calls(rows, start="{year}-{month:02}-01"):
    """Count the calls since a day."""
    wanted = [row for row in rows if row["beat"] == "C{beat}" and row["date"] >= start]
    return len(wanted) * {random.randint(10, 500)}
'''
    size = 280
    query = query[:-1] + "\n-- " + "x" * max(0, size - len(query) - 4) + "\n"
    code = code + "\n# " + "x" * max(0, size - len(code) - 4) + "\n"
    with open(f"{work}/tule/q{number:05}.tule", "w") as file: file.write(query)
    with open(f"{work}/ruff/m{number:05}.py", "w") as file: file.write(code)
PYTHON
cp "$work/tule/tule.toml" "$work/tule/tule.lock" "$work/"
mkdir "$work/one" && cp "$work/tule/q00000.tule" "$work/one/"
cp "$work/ruff/m00000.py" "$work/one/"

run() { # folder command...
    local folder=$1 before after
    shift
    cd "$folder"
    before=$(date +%s%N)
    "$@" >/dev/null 2>&1
    after=$(date +%s%N)
    cd - >/dev/null
    echo $(((after - before) / 1000))
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# A run that fails would be a fast one.
(cd "$work/tule" && "$tule" check) && (cd "$work/ruff" && "$ruff" check --no-cache --quiet)
bytes() { cat "$work/$1"/*."$2" | wc -c; }
printf 'bytes: tule %d, ruff %d, in %d files each\n' "$(bytes tule tule)" "$(bytes ruff py)" "$files"
for round in $(seq 1 "$rounds"); do
    run "$work/tule" "$tule" check >>"$work/tule.many"
    run "$work/ruff" "$ruff" check --no-cache >>"$work/ruff.many"
    run "$work/one" "$tule" check q00000.tule >>"$work/tule.one"
    run "$work/one" "$ruff" check --no-cache m00000.py >>"$work/ruff.one"
    run "$work/one" true >>"$work/true.one"
done
for set in many one; do
    a=$(median <"$work/tule.$set") b=$(median <"$work/ruff.$set")
    printf '%-5s tule %7d us   ruff %7d us   ratio %s\n' "$set" "$a" "$b" "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
done
printf 'one   `true` %5d us: what starting any program and reading the clock take here\n' "$(median <"$work/true.one")"

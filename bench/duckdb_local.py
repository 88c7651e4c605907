"""Asks DuckDB what `local` asks the embedded portal, over the same files.

    python3 bench/duckdb_local.py FOLDER

Prints a name and seconds for each step, the best of three. There is no `polygon`: DuckDB's
geometry is an extension that is fetched from the network.
"""

import sys
import time

import duckdb

folder = sys.argv[1]
db = duckdb.connect()
db.execute("set threads = 1")

QUERIES = {
    "count": "select count(*) from calls",
    "filter": "select count(*) from calls where cost > 500 and beat = 'B07'",
    "like": "select count(*) from calls where note like '%car%'",
    "group": "select beat, count(*), sum(cost), avg(cost), max(entered) from calls group by beat order by beat",
    "month": "select date_trunc('month', entered) as m, count(*) from calls group by m order by m",
    "top": "select id, cost from calls order by cost desc, id limit 100",
    "sort": "select id, cost from calls order by cost, id",
    "distinct": "select count(distinct cost) from calls",
    "arithmetic": "select sum(cost * 1.0825 + 2) from calls",
    "window": "select beat, max(r) from (select beat, row_number() over (partition by beat order by cost) as r from calls) group by beat",
}

start = time.perf_counter()
db.execute(
    "create table calls as select id, beat, priority, entered, cost::decimal(18, 2) as cost, place, note"
    f" from read_csv('{folder}/calls.csv')"
)
print(f"import\t{time.perf_counter() - start:.3f}")
for name, query in QUERIES.items():
    best = min(
        (lambda start: (db.execute(query).fetchall(), time.perf_counter() - start)[1])(
            time.perf_counter()
        )
        for _ in range(3)
    )
    print(f"{name}\t{best:.3f}")

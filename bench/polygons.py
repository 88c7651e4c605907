"""The point-in-polygon query of `local` elsewhere: in shapely's STRtree and in PostGIS.

    python3 bench/polygons.py FOLDER

DuckDB's geometry is an extension that is fetched from the network. PostGIS runs from Debian's
packages, in a folder of its own that goes away; without it, that part is left out. Prints a name
and seconds, the best of three.
"""

import csv
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

folder = sys.argv[1]


def best(action, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def shapely_join():
    import numpy
    import shapely

    with open(f"{folder}/calls.csv") as file:
        places = [row["place"] for row in csv.DictReader(file)]
    points = shapely.from_wkt(places)
    with open(f"{folder}/districts.geojson") as file:
        features = json.load(file)["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    shapely.prepare(shapes)

    def join():
        tree = shapely.STRtree(points)
        found, _ = tree.query(shapes, predicate="contains_properly")
        return numpy.bincount(found)

    print(f"shapely\t{best(join):.3f}")


def postgis_join():
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        return
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o777)
        data = f"{home}/data"
        # What the server reads, it reads as its own user.
        for name in ("calls.csv", "districts.geojson"):
            with open(f"{folder}/{name}", "rb") as source, open(f"{home}/{name}", "wb") as target:
                target.write(source.read())

        def run(*words):
            command = [*as_user, *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home)

        def sql(text):
            run("psql", "-h", home, "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text)

        run(f"{programs[-1]}/initdb", "-D", data, "-A", "trust", "-U", "postgres")
        options = f"-k {home} -c listen_addresses='' -c fsync=off -c jit=off"
        server = [f"{programs[-1]}/pg_ctl", "-D", data, "-w", "-l", f"{home}/log"]
        run(*server, "-o", options, "start")
        try:
            sql("create extension postgis")
            sql(
                "create table calls (id int, beat text, priority int, entered timestamp,"
                " cost numeric, place geometry, note text)"
            )
            sql(f"copy calls from '{home}/calls.csv' with (format csv, header)")
            sql("alter table calls alter column place type geometry using st_setsrid(place, 4326)")
            sql(
                "create table districts as select f->'properties'->>'name' as name,"
                " st_geomfromgeojson(f->>'geometry') as geometry from json_array_elements("
                f"pg_read_file('{home}/districts.geojson')::json->'features') f"
            )
            sql("analyze")
            join = (
                "set max_parallel_workers_per_gather = 0; select d.name, count(*) from calls"
                " join districts d on st_within(place, d.geometry) group by 1 order by 1"
            )
            sql("create index on calls using gist (place)")
            sql("analyze")
            print(f"postgis, with an index\t{best(lambda: sql(join)):.3f}")
        finally:
            run(*server, "-m", "immediate", "stop")


shapely_join()
postgis_join()

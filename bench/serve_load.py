"""Many clients at once against `tule serve`: no error, and memory that stays flat.

    python3 bench/serve_load.py TULE FOLDER [CLIENTS] [SECONDS]

Starts the program TULE on the folder that `local` filled (see docs/performance.md), lets 64
clients ask for a minute, and ends with 1 if any answer was wrong or memory grew. Nothing but
Python's own library is needed.
"""

import gzip
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote

program, folder = sys.argv[1], sys.argv[2]
clients = int(sys.argv[3]) if len(sys.argv) > 3 else 64
seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 60.0
# Pages of this process come and go; more than this is growth.
MOST_GROWTH = 1.25

# Address, and the number of rows that is right.
ASKED = [
    ("/resource/calls.json?$limit=1000", 1000),
    ("/resource/calls.json?$limit=200&$offset=5000&$order=:id", 200),
    ("/resource/calls.json?$where=" + quote("beat = 'B07' and cost > 500") + "&$limit=50", 50),
    ("/resource/calls.json?$select=" + quote("beat, count(*) as n") + "&$group=beat", 30),
    ("/resource/calls.json?$where=" + quote("id between 100 and 199"), 100),
    ("/resource/calls.geojson?$limit=100", 100),
    ("/resource/districts.json", 7),
    ("/api/v3/views/calls/query.json?query=" + quote("select id, note limit 300"), 300),
    ("/api/views/calls.json", None),
    ("/api/catalog/v1", None),
]

answers, errors, lock = 0, [], threading.Lock()
stop = threading.Event()


def client(seed):
    global answers
    dice = random.Random(seed)
    host, port = address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=120)
    while not stop.is_set():
        path, rows = dice.choice(ASKED)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": dice.choice(["gzip", "identity"])})
            answer = connection.getresponse()
            body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            found = json.loads(body)
            count = len(found["features"] if "features" in found else found)
            if answer.status != 200 or rows is not None and count != rows:
                raise ValueError(f"status {answer.status}, {count} rows where {rows} are right")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            with lock:
                errors.append(f"{path}: {error!r}")
            connection.close()
            continue
        with lock:
            answers += 1


def resident(process):
    """Memory of the server in MiB."""
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


cache = tempfile.TemporaryDirectory()
environment = {**os.environ, "TULE_CACHE": cache.name}
server = subprocess.Popen(
    [program, "serve", folder, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment
)
address = server.stdout.readline().split("http://")[1].strip().rstrip("/")
threads = [threading.Thread(target=client, args=(seed,), daemon=True) for seed in range(clients)]
# The rows are read once, before anybody is counted.
first = http.client.HTTPConnection(*address.split(":"), timeout=600)
first.request("GET", "/resource/calls.json?$limit=1")
first.getresponse().read()
for thread in threads:
    thread.start()
begin, samples = time.monotonic(), []
while time.monotonic() - begin < seconds:
    time.sleep(1)
    samples.append(resident(server))
stop.set()
for thread in threads:
    thread.join(timeout=130)
took = time.monotonic() - begin
server.terminate()
code = server.wait(timeout=60)
third = max(1, len(samples) // 3)
early, late = max(samples[:third]), max(samples[-third:])
print(f"{clients} clients, {took:.0f} s: {answers} answers, {len(errors)} errors")
print(f"memory: {early:.0f} MiB at most in the first third, {late:.0f} MiB in the last; ended with {code}")
for error in errors[:5]:
    print(error)
sys.exit(bool(errors) or late > early * MOST_GROWTH or code != 0 or answers == 0)

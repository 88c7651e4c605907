"""What programs that use sodapy do, against `tule serve`. The first argument is host and port.

Every check can fail; the program ends with an error at the first that does.
"""

import sys

import requests
from sodapy import Socrata


def client(token=None):
    adapter = {"prefix": "http://", "adapter": requests.adapters.HTTPAdapter()}
    return Socrata(sys.argv[1], token, session_adapter=adapter)


def refused(call):
    try:
        call()
    except requests.exceptions.HTTPError as error:
        return error
    raise AssertionError("nothing was refused")


def main():
    soda = client()
    calls = "esc4-8x43"

    # The default limit, and paging to the end.
    assert len(soda.get(calls)) == 1000
    everything = list(soda.get_all(calls, where="beat = 'C1'", order=":id", limit=400))
    count = soda.get(calls, select="count(*) as n", where="beat = 'C1'")
    assert str(len(everything)) == count[0]["n"] and len(everything) > 800, count
    assert len({row["call_no"] for row in everything}) == len(everything)
    pages = [soda.get(calls, order="call_no", limit=10, offset=at) for at in (0, 10, 20)]
    assert sum(pages, []) == soda.get(calls, order="call_no", limit=30)

    # Clauses, simple filters, a whole query.
    groups = soda.get(
        calls,
        select="call_type_final_d, count(*)",
        where="call_entry_date >= '2025-01-01' and priority = '1'",
        group="call_type_final_d",
        order="count(*) desc",
    )
    assert all(list(row) == ["call_type_final_d", "count"] for row in groups), groups
    numbers = [int(row["count"]) for row in groups]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) > 1, groups
    assert {row["beat"] for row in soda.get(calls, beat="A1", limit=50)} == {"A1"}
    query = "select beat, max(x) as east group by beat having count(*) > 10 order by beat limit 3"
    assert [row["beat"] for row in soda.get(calls, query=query)] == ["A1", "A2", "A3"]
    assert all("SHOTS" in row.values() for row in soda.get(calls, q="shots", limit=5))

    # Values as they are encoded, nulls left out.
    row = soda.get(calls, select="x, call_entry_date, report_no", order="call_no", limit=1)[0]
    assert isinstance(row["x"], str) and row["call_entry_date"].endswith("T00:00:00.000"), row
    assert soda.get(calls, where="report_no is null", limit=1)[0].get("report_no") is None
    lines = soda.get("gdix-arru", content_type="csv", order="poly_code")
    assert lines[0] == ["the_geom", "poly_code"] and len(lines) == 7
    assert lines[1][0].startswith("MULTIPOLYGON ((("), lines[1]
    features = soda.get("gdix-arru", content_type="geojson")["features"]
    assert features[0]["geometry"]["type"] == "MultiPolygon"

    # Metadata and catalogue.
    view = soda.get_metadata(calls)
    assert "synthetic" in view["name"] and view["columns"][0]["fieldName"] == "call_no"
    found = soda.datasets()
    assert {entry["resource"]["id"] for entry in found} == {calls, "gdix-arru", "liquor_licenses"}
    assert len(soda.datasets(q="liquor", limit=5)) == 1

    # Errors reach the caller.
    error = refused(lambda: soda.get(calls, where="beet = 'A1'"))
    assert error.response.status_code == 400 and "No such column: beet" in str(error), error
    assert refused(lambda: soda.get("zzzz-zzzz")).response.status_code == 404
    assert "Unrecognized arguments" in str(refused(lambda: soda.get(calls, zipcity="1")))
    error = refused(lambda: client("wrong").get(calls, limit=1))
    assert error.response.status_code == 403 and "Invalid app_token" in str(error), error
    assert len(client("right").get(calls, limit=1)) == 1
    print("sodapy: all well")


main()

//! `tule serve`: a real server, spoken to over loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::Folder;
use crate::run::{numbers, project};

/// A server that ends with the test.
pub(crate) struct Server {
    child: Child,
    address: String,
    _folder: Folder,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Server {
    pub(crate) fn start(folder: Folder, arguments: &[&str]) -> Self {
        let any: &[&str] = if arguments.contains(&"--port") { &[] } else { &["--port", "0"] };
        let mut child = folder
            .command(&[&["serve"], any, arguments].concat())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap_or_else(|| panic!("{line:?}"));
        let address = address.trim().trim_end_matches('/').to_owned();
        Self { child, address, _folder: folder }
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request as it is; HTTP/1.0, so that the end of the connection ends the body.
    fn send(&self, head: &str, headers: &[&str], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut text = format!("{head} HTTP/1.0\r\nHost: {}\r\n", self.address).into_bytes();
        for header in headers {
            text.extend_from_slice(format!("{header}\r\n").as_bytes());
        }
        text.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        stream.write_all(&text).unwrap();
        let mut answer = Vec::new();
        // A connection that is broken off on purpose ends with an error.
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        let head = String::from_utf8(answer).unwrap().trim_end().to_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body }
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], "")
    }

    /// Rows of the 2.1 interface for parameters that are encoded here.
    fn rows(&self, form: &str, params: &[(&str, &str)]) -> Answer {
        let mut url = url::Url::parse("http://h").unwrap();
        url.query_pairs_mut().extend_pairs(params);
        self.get(&format!("/resource/ab12-cd34.{form}?{}", url.query().unwrap_or_default()))
    }

    fn post(&self, body: &Value) -> Answer {
        let path = "POST /api/v3/views/ab12-cd34/query.json";
        self.send(path, &["Content-Type: application/json"], &body.to_string())
    }

    #[cfg(unix)]
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}", self.head, self.text());
        self
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// A header's value.
    fn header(&self, name: &str) -> Option<String> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

#[test]
fn rows_as_the_older_interface_gives_them() {
    let server = Server::start(project(), &[]);
    let answer = server.rows("json", &[("$order", "beat")]).is(200);
    assert_eq!(
        answer.text(),
        "[{\"beat\":\"A1\",\"at\":\"2025-01-01T08:00:00.000\",\"cost\":\"12345678901234567890.10\",\
         \"urgent\":true,\"place\":{\"type\":\"Point\",\"coordinates\":[-121.5,37.25]}}\n\
         ,{\"beat\":\"B2\",\"at\":\"2025-01-02T09:30:00.000\",\"cost\":\"-0.5\",\"urgent\":false}\n\
         ,{\"beat\":\"C, \\u001b[31m3\",\"place\":{\"type\":\"Point\",\"coordinates\":[-121.25,37.5]}}]\n"
    );
    assert_eq!(answer.header("content-type").unwrap(), "application/json;charset=utf-8");
    assert_eq!(
        answer.header("x-soda2-types").unwrap(),
        r#"["text","floating_timestamp","number","boolean","point"]"#
    );
    assert_eq!(answer.header("access-control-allow-origin").unwrap(), "*");
    let csv = server.rows("csv", &[("$where", "beat = 'B2'"), ("$$bom", "true")]).is(200);
    assert_eq!(
        csv.text(),
        "\u{feff}\"beat\",\"at\",\"cost\",\"urgent\",\"place\"\n\
         \"B2\",\"2025-01-02T09:30:00.000\",\"-0.5\",\"false\",\n"
    );
    let tsv = server.rows("tsv", &[("$select", "beat, cost"), ("$where", "cost < 0")]).is(200);
    assert_eq!(tsv.text(), "\"beat\"\t\"cost\"\n\"B2\"\t\"-0.5\"\n");
    let geojson = server.rows("geojson", &[("$select", "place, beat"), ("beat", "A1")]).is(200);
    assert_eq!(geojson.json()["features"][0]["properties"], json!({ "beat": "A1" }));
    assert_eq!(geojson.header("x-soda2-fields"), None);
    assert_eq!(server.rows("json", &[("beat", "nowhere")]).is(200).text(), "[]\n");
    let script = server.rows("json", &[("$limit", "0"), ("$jsonp", "take")]).is(200);
    assert_eq!(script.text(), "take([]\n);");
}

#[test]
fn whole_tables_as_people_download_them() {
    let server = Server::start(project(), &[]);
    let csv = server.get("/api/views/ab12-cd34/rows.csv?accessType=DOWNLOAD").is(200);
    assert_eq!(csv.header("content-type").unwrap(), "text/csv; charset=utf-8");
    assert_eq!(
        csv.text(),
        "Beat,At,Cost,Urgent,Place\n\
         A1,01/01/2025 08:00:00 AM,12345678901234567890.10,true,POINT (-121.5 37.25)\n\
         B2,01/02/2025 09:30:00 AM,-0.5,false,\n\
         \"C, \u{1b}[31m3\",,,,POINT (-121.25 37.5)\n"
    );
    let tag = format!("If-None-Match: {}", csv.header("etag").unwrap());
    server.send("GET /api/views/ab12-cd34/rows.csv", &[&tag], "").is(304);
    let tsv = server.get("/api/views/ab12-cd34/rows.tsv").is(200).text();
    assert!(
        tsv.starts_with("Beat\tAt\tCost\tUrgent\tPlace\nA1\t01/01/2025 08:00:00 AM\t"),
        "{tsv}"
    );
    server.get("/api/views/none-none/rows.csv").is(404);
    server.get("/api/views/ab12-cd34/rows.xls").is(404);
}

#[test]
fn every_parameter_does_what_it_says() {
    let server = Server::start(project(), &[]);
    let json = |params: &[(&str, &str)]| server.rows("json", params).is(200).json();
    let grouped = json(&[
        ("$select", "urgent, count(*)"),
        ("$group", "urgent"),
        ("$having", "count(*) > 0"),
        ("$where", "urgent is not null"),
        ("$order", "urgent desc"),
        ("$limit", "1"),
        ("$offset", "1"),
    ]);
    assert_eq!(grouped, json!([{ "urgent": false, "count": "1" }]));
    let query = "select beat where cost < 0 |> select upper(beat) as b";
    assert_eq!(json(&[("$query", query)]), json!([{ "b": "B2" }]));
    assert_eq!(json(&[("$q", "a1"), ("$select", "beat")]), json!([{ "beat": "A1" }]));
    assert_eq!(json(&[("urgent", "true"), ("$select", "beat")]), json!([{ "beat": "A1" }]));
    let with_system = json(&[("$select", ":*,*"), ("$limit", "1")]);
    let id = with_system[0][":id"].as_str().unwrap();
    assert!(id.starts_with("row-"), "{id}");
    let row = server.get(&format!("/resource/ab12-cd34/{id}.json")).is(200).json();
    assert_eq!(row["beat"], with_system[0]["beat"]);
    let missing = server.get("/resource/ab12-cd34/row-2222-2222~2222.json");
    assert!([400, 404].contains(&missing.status), "{missing:?}");
}

#[test]
fn without_a_limit_there_are_a_thousand_rows_and_no_word_of_it() {
    let folder = project();
    folder.write("data/many.csv", numbers(1500));
    let server = Server::start(folder, &["here"]);
    let rows = |path: &str| server.get(path).is(200).json().as_array().unwrap().len();
    assert_eq!(rows("/resource/many.json"), 1000);
    assert_eq!(rows("/resource/many.json?$limit=50000"), 1500);
    assert_eq!(rows("/resource/many.json?$limit=1000&$offset=1000&$order=:id"), 500);
    assert_eq!(rows("/resource/many.json?$query=select%20n"), 1000);
    assert_eq!(rows("/api/v3/views/many/query.json"), 1000);
    assert_eq!(rows("/api/v3/views/many/query.json?pageNumber=2&pageSize=1200"), 300);
    let export = server.get("/api/v3/views/many/export.csv").is(200);
    assert_eq!(export.text().lines().count(), 1501);
}

#[test]
fn rows_as_the_newer_interface_gives_them() {
    let server = Server::start(project(), &[]);
    let query = "select beat, cost order by beat";
    let page = json!({ "pageNumber": 2, "pageSize": 2 });
    let answer = server.post(&json!({ "query": query, "page": page })).is(200);
    assert_eq!(answer.text(), "[\n{\"beat\":\"C, \\u001b[31m3\"}\n]\n");
    assert_eq!(answer.header("content-type").unwrap(), "application/json; charset=utf-8");
    assert!(answer.header("etag").unwrap().starts_with("W/\""));
    let all = server.post(&json!({})).is(200).json();
    assert!(all[0][":id"].is_string(), "{all}");
    let bare = server.post(&json!({ "includeSystem": false })).is(200).json();
    assert_eq!(bare[0].get(":id"), None);
    let path = "/api/v3/views/ab12-cd34/query.csv?query=select%20beat%20limit%201";
    assert_eq!(server.get(path).is(200).text(), "\"beat\"\n\"A1\"\n");

    let refused = server.post(&json!({ "query": "select beet" })).is(400).json();
    assert_eq!(refused["code"], "soql.analyzer.typechecker.no-such-column");
    assert!(refused["message"].as_str().unwrap().contains("perhaps `beat` was meant"));
    let refused = server.post(&json!({ "query": "select beat beat" })).is(400).json();
    assert_eq!(refused["code"], "soql.parser.expected-token");
    let broken = server.send("POST /api/v3/views/ab12-cd34/query.json", &[], "{").is(400).json();
    assert_eq!(broken["errorCode"], "req.body.malformed-json");
}

#[test]
fn errors_have_the_envelopes_codes_and_places_of_the_original() {
    let server = Server::start(project(), &[]);
    let refused = |params: &[(&str, &str)]| server.rows("json", params).is(400).json();
    let body = refused(&[("$where", "beet = 'A1'")]);
    assert_eq!(body["errorCode"], "query.soql.no-such-column");
    assert_eq!(body["data"]["column"], "beet");
    assert_eq!(body["data"]["position"]["row"], 1);
    let message = body["message"].as_str().unwrap();
    assert!(message.starts_with("Query coordinator error: query.soql.no-such-column; No such column: beet; position: Map(row -> 1, column -> "), "{message}");
    let line = body["data"]["position"]["line"].as_str().unwrap();
    let column = body["data"]["position"]["column"].as_u64().unwrap();
    let column = usize::try_from(column).unwrap();
    let at: String = line.chars().skip(column - 1).take(4).collect();
    assert_eq!(at, "beet", "{line}");

    for (params, code) in [
        (("$where", "beat = 1"), "query.soql.type-mismatch"),
        (("$where", "beat"), "query.soql.non-boolean-where"),
        (("$select", "nofun(beat)"), "query.soql.no-such-function"),
        (("$select", "beat, count(*)"), "query.soql.column-not-in-group-bys"),
        (("$where", "count(*) > 1"), "query.soql.aggregate-in-ungrouped-context"),
        (("$select", "beat as a, urgent as a"), "query.soql.duplicate-alias"),
        (("$order", "place"), "query.soql.un-orderable-order"),
        (("$query", "select * from @zzzz-zzzz"), "query.dataset.does-not-exist"),
    ] {
        assert_eq!(refused(&[params])["errorCode"], code, "{params:?}");
    }
    assert_eq!(refused(&[("$where", "beat = 1")])["data"]["function"], "op$=");
    assert_eq!(refused(&[("$where", "beat = 1")])["data"]["type"], "number");

    let body = refused(&[("$select", "beat"), ("$where", "beat beat")]);
    assert_eq!(body["code"], "query.compiler.malformed");
    assert_eq!(body["data"]["query"], "select beat where beat beat");
    assert_eq!(body["data"]["position"]["column"], 24);
    let body = refused(&[("limit", "3"), ("zip", "1")]);
    assert_eq!(body, json!({ "error": true, "message": "Unrecognized arguments [limit, zip]" }));
    assert_eq!(refused(&[("$limit", "many")])["errorCode"], "req.bad-parameter");

    let missing = server.get("/resource/zzzz-zzzz.json").is(404).json();
    let expected = json!({
        "code": "dataset.missing", "error": true, "message": "Not found",
        "data": { "id": "zzzz-zzzz" },
    });
    assert_eq!(missing, expected);
    assert_eq!(server.get("/api/views/zzzz-zzzz.json").is(404).json()["code"], "not_found");
    assert_eq!(server.get("/nothing").is(404).json()["errorCode"], "not-found");
    server.get("/resource/ab12-cd34.xml").is(404);
    let refused = server.send("DELETE /resource/ab12-cd34.json", &[], "").is(405).json();
    assert_eq!(refused["errorCode"], "method-not-allowed");
    let picture = server.send("GET /resource/ab12-cd34", &["Accept: image/png"], "");
    picture.is(406);
    // A fault of a value is an answer of its own as long as nothing was sent.
    let body = refused_value(&server);
    assert!(body["message"].as_str().unwrap().contains("division by zero"), "{body}");
}

fn refused_value(server: &Server) -> Value {
    server.rows("json", &[("$select", "1 / (cost + 0.5) as x")]).is(400).json()
}

#[test]
fn a_copy_that_is_still_good_is_not_sent_again() {
    let server = Server::start(project(), &[]);
    let path = "GET /resource/ab12-cd34.json";
    let first = server.send(path, &[], "").is(200);
    let tag = first.header("etag").unwrap();
    let again = server.send(path, &[&format!("If-None-Match: {tag}")], "").is(304);
    assert!(again.body.is_empty());
    let date = first.header("last-modified").unwrap();
    server.send(path, &[&format!("If-Modified-Since: {date}")], "").is(304);
    server.send(path, &["If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"], "").is(200);
    server.send(path, &["If-Match: \"other\""], "").is(412);
    let csv = server.send("GET /resource/ab12-cd34.csv", &[&format!("If-None-Match: {tag}")], "");
    csv.is(200);
    let packed = server.send(path, &["Accept-Encoding: gzip"], "").is(200);
    assert_eq!(packed.header("content-encoding").unwrap(), "gzip");
    assert!(packed.header("etag").unwrap().ends_with("--gzip--gzip\""));
    assert_eq!(packed.body[..2], [0x1f, 0x8b]);
}

#[test]
fn scripts_of_other_pages_may_ask_and_heads_have_no_body() {
    let server = Server::start(project(), &[]);
    let headers = [
        "Origin: https://a.gov",
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: x-app-token",
    ];
    let allowed = server.send("OPTIONS /resource/ab12-cd34.json", &headers, "").is(200);
    assert_eq!(allowed.header("access-control-allow-origin").unwrap(), "*");
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("x-app-token"));
    let head = server.send("HEAD /resource/ab12-cd34.json", &[], "").is(200);
    assert!(head.body.is_empty() && head.header("etag").is_some(), "{head:?}");
}

#[test]
fn a_client_that_goes_away_holds_nothing_up() {
    let folder = project();
    folder.write("data/many.csv", numbers(60_000));
    let server = Server::start(folder, &["here"]);
    let path = "/resource/many.json?$limit=60000";
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
        let mut first = [0; 100];
        stream.read_exact(&mut first).unwrap();
    }
    let rows = server.get(path).is(200).json();
    assert_eq!(rows.as_array().unwrap().len(), 60_000);
}

#[test]
fn metadata_and_catalogue() {
    let server = Server::start(project(), &[]);
    let answer = server.get("/api/views/ab12-cd34.json").is(200);
    assert!(answer.text().contains("\"id\" : \"ab12-cd34\""), "{}", answer.text());
    let view = answer.json();
    assert_eq!(view["columns"][1]["dataTypeName"], "calendar_date");
    assert!(view["rowsUpdatedAt"].is_u64());
    let columns = server.get("/api/views/ab12-cd34/columns.json").is(200).json();
    assert_eq!(columns, view["columns"]);
    // Without a description, from the file itself.
    let view = server.get("/api/views/places.json").is(200).json();
    assert_eq!(view["columns"][1]["fieldName"], "size");
    assert_eq!(view["columns"][1]["dataTypeName"], "number");
    // Our own reader of metadata takes it.
    let folder = Folder::empty();
    folder.write("tule.toml", "[portals.a]\nurl = 'https://a.gov'\nkind = 'socrata'\n");
    folder.write("view.json", answer.text());
    folder.tule(&["lock", "--from", "view.json"]).ends(0).says("a.gov/ab12-cd34: new, 5 columns");

    let search = |query: &str| server.get(&format!("/api/catalog/v1?{query}")).is(200).json();
    let all = search("");
    assert_eq!(all["resultSetSize"], 2);
    let found = search("q=calls+beat&only=datasets");
    let resource = &found["results"][0]["resource"];
    assert_eq!(resource["id"], "ab12-cd34");
    assert_eq!(resource["columns_datatype"][1], "Calendar date");
    assert_eq!(resource["columns_field_name"][1], "at");
    assert_eq!(found["results"][0]["metadata"]["domain"], server.address());
    assert_eq!(search("q=nothing")["resultSetSize"], 0);
    assert_eq!(search("domains=other.gov")["resultSetSize"], 0);
    assert_eq!(search(&format!("domains={}", server.address()))["resultSetSize"], 2);
    assert_eq!(search("ids=places&limit=1")["results"][0]["resource"]["id"], "places");
    assert_eq!(search("offset=1&limit=5&order=name")["results"].as_array().unwrap().len(), 1);
    server.get("/api/catalog/v1?limit=10001").is(400);
    let assets = server.get("/api/views/metadata/v1?limit=1&page=2").is(200).json();
    assert_eq!(assets.as_array().unwrap().len(), 1);
    let asset = server.get("/api/views/metadata/v1/ab12-cd34").is(200).json();
    assert!(asset["dataUpdatedAt"].as_str().unwrap().ends_with('Z'));
    assert!(server.get("/").is(200).text().contains("/resource/ab12-cd34.json"));
}

#[test]
fn tokens_and_rates() {
    let server = Server::start(project(), &["--token", "good", "--rate-limit", "3/h"]);
    let get = |headers: &[&str], path: &str| {
        server.send(&format!("GET /resource/ab12-cd34.json{path}"), headers, "")
    };
    get(&[], "").is(200);
    let refused = get(&["X-App-Token: bad"], "").is(403).json();
    assert_eq!(refused["code"], "permission_denied");
    assert_eq!(refused["message"], "Invalid app_token specified");
    get(&["X-App-Token: good"], "").is(200);
    get(&[], "?$$app_token=good").is(200);
    get(&["X-App-Token: good"], "").is(200);
    let refused = get(&["X-App-Token: good"], "").is(429);
    assert_eq!(refused.json()["errorCode"], "too-many-requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&wait), "{wait}");
    get(&[], "").is(200);
    let server = Server::start(project(), &["--token-required"]);
    server.get("/resource/ab12-cd34.json").is(403);
    server.send("GET /resource/ab12-cd34.json", &["X-App-Token: any"], "").is(200);
}

#[test]
fn faults_on_purpose() {
    let serve = |faults: &[&str]| {
        let arguments: Vec<&str> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
        Server::start(project(), &arguments)
    };
    let server = serve(&["429:every=3,retry-after=7", "500:first=1"]);
    let path = "/resource/ab12-cd34.json";
    let answers: Vec<u16> = (0..4).map(|_| server.get(path).status).collect();
    assert_eq!(answers, [500, 200, 429, 200]);
    let server = serve(&["429:retry-after=7"]);
    assert_eq!(server.get(path).is(429).header("retry-after").unwrap(), "7");
    let whole = serve(&[]).get(path).is(200).text();
    let cut = serve(&["truncate:bytes=40"]).get(path).is(200).text();
    assert_eq!(cut, whole[..40]);
    let slow = Instant::now();
    let dripped = serve(&["slow:bytes=100,ms=50"]).get(path).is(200).text();
    assert_eq!(dripped, whole);
    assert!(slow.elapsed() > Duration::from_millis(100));
    assert!(serve(&["html"]).get(path).is(200).text().contains("<html>"));
    let moved = serve(&["redirect:to=http://other.gov/"]).get(path).is(302);
    assert_eq!(moved.header("location").unwrap(), "http://other.gov/");
    let folder = project();
    folder.tule(&["serve", "--fault", "flood"]).ends(2).tells("no fault `flood`");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_asked_to() {
    let mut server = Server::start(project(), &[]);
    server.get("/").is(200);
    server.interrupt();
    let since = Instant::now();
    while server.child.try_wait().unwrap().is_none() {
        assert!(since.elapsed() < Duration::from_secs(15), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_cannot_be_served_is_said() {
    let folder = project();
    folder.tule(&["serve", "nowhere"]).ends(2).tells("neither a folder nor a local portal");
    folder.tule(&["serve", "hera"]).ends(2).tells("perhaps `here` was meant");
    folder.tule(&["serve", "--rate-limit", "fast"]).ends(2).tells("1000/h");
    Folder::empty().tule(&["serve"]).ends(2).tells("no `tule.toml`");
    let server = Server::start(project(), &[]);
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    let taken = folder.tule(&["serve", "--port", &port]).ends(2);
    taken.tells("cannot serve at").tells("--port 0");
}

//! Every way in which one answer can go wrong, and what becomes of it.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tule_core::target::Target;
use tule_portal::{Class, Fault, NetworkFault};

use crate::all;
use crate::server::{Reply, Server, Step};
use crate::table::{answer, client, is_count, request, request_for, row, shaped};

const QUERY: &str = "select * from things limit 10";

fn body(rows: std::ops::Range<usize>) -> String {
    let rows: Vec<String> = rows.map(|n| row(n).to_string()).collect();
    format!("[{}]\n", rows.join("\n,"))
}

/// What ten rows become if the first answers are these.
async fn after(first: Vec<Reply>) -> (Result<usize, tule_portal::Error>, Server) {
    let server = Server::start(move |number, _| {
        first.get(number).cloned().unwrap_or_else(|| shaped(Reply::json(200, body(0..10))))
    })
    .await;
    let rows = all(client().rows(request(&server, QUERY))).await;
    (rows.map(|(rows, _)| rows.len()).map_err(|(error, _)| error), server)
}

/// The fault of an answer that is the same every time, and the number of requests.
async fn always(reply: Reply) -> (tule_portal::Error, usize) {
    let server = Server::start(move |_, _| reply.clone()).await;
    let (error, _) = all(client().rows(request(&server, QUERY))).await.unwrap_err();
    (error, server.asked().len())
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let html = "<html><title>502 Bad Gateway</title></html>";
    for first in [
        vec![Reply::json(202, "")],
        vec![Reply::json(202, "{}"); 6],
        vec![Reply::json(408, r#"{"errorCode":"request-timeout","message":"x"}"#)],
        vec![Reply::json(429, "")],
        vec![Reply::json(429, "").header("Retry-After", "0")],
        vec![Reply::json(500, "{\"errorCode\":\"internal-error\",\"message\":\"tag\"}"); 2],
        vec![Reply::of(502, "text/html", html)],
        vec![Reply::json(503, ""), Reply::json(504, "")],
        vec![Reply::json(200, "").length(Some(50)).then(Step::Reset)],
    ] {
        let (rows, server) = after(first.clone()).await;
        assert_eq!(rows.expect("ten rows"), 10, "{first:?}");
        assert_eq!(server.asked().len(), first.len() + 1, "{first:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_in_time_is_an_error_with_the_number_of_attempts() {
    let (error, asked) = always(Reply::json(429, "")).await;
    assert!(matches!(*error.fault, Fault::Throttled { wait: None }), "{error}");
    assert_eq!((error.attempts, asked, error.class()), (3, 3, Class::Portal));
    assert!(error.to_string().ends_with("takes no more requests now (3 attempts)"), "{error}");
    // A wait that nobody should sit through is given up at once.
    let (error, asked) = always(Reply::json(429, "").header("Retry-After", "86400")).await;
    assert!(matches!(*error.fault, Fault::Throttled { wait: Some(_) }), "{error}");
    assert_eq!(asked, 1);
    let (error, asked) = always(Reply::json(503, "")).await;
    assert!(matches!(*error.fault, Fault::Failing(_)) && asked == 3, "{error}");
    let (error, asked) = always(Reply::json(408, "")).await;
    assert!(matches!(*error.fault, Fault::QueryTimeout(_)) && asked == 3, "{error}");
    assert_eq!(error.class(), Class::Query);
    let (error, asked) = always(Reply::json(202, "")).await;
    assert!(matches!(*error.fault, Fault::Pending) && asked == 12, "{error}");
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept() {
    let begin = Instant::now();
    let (rows, _) = after(vec![Reply::json(429, "").header("Retry-After", "1")]).await;
    assert_eq!(rows.unwrap(), 10);
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn what_will_not_change_is_asked_once() {
    let gone = r#"{"code":"dataset.missing","error":true,"message":"Not found"}"#;
    let (error, asked) = always(Reply::json(404, gone)).await;
    assert!(matches!(*error.fault, Fault::Gone(_)) && asked == 1, "{error}");
    assert_eq!(error.class(), Class::Query);
    let private = r#"{"code":"permission_denied","error":true,"message":"You must be logged in"}"#;
    let (error, asked) = always(Reply::json(403, private)).await;
    assert!(matches!(*error.fault, Fault::Forbidden(_)) && asked == 1, "{error}");
    let bad = r#"{"error":true,"message":"Unrecognized arguments [x]"}"#;
    let (error, asked) = always(Reply::json(400, bad)).await;
    assert!(matches!(*error.fault, Fault::Refused(_)) && asked == 1, "{error}");
}

#[tokio::test]
async fn what_is_no_portal_is_called_that() {
    let page = "<!DOCTYPE html><title>Web Filter Block Override</title>";
    for (status, kind, body) in [
        (403, "text/html", page),
        (200, "text/html", page),
        (200, "text/plain", "[]"),
        (403, "text/html", "{\"status\": \"blocked\",}"),
        (204, "application/json", ""),
        (301, "text/html", page),
    ] {
        let (error, asked) = always(Reply::of(status, kind, body)).await;
        assert!(matches!(*error.fault, Fault::NotAPortal { .. }), "{status}: {error}");
        assert_eq!((asked, error.class()), (1, Class::Portal));
    }
    let (error, _) = always(Reply::of(200, "text/html", page)).await;
    assert!(error.to_string().contains("«Web Filter Block Override»"), "{error}");
    let (error, asked) = always(Reply::json(200, "{\"error\": true}")).await;
    assert!(matches!(*error.fault, Fault::Malformed { .. }) && asked == 1, "{error}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_fetched_again_and_never_taken_for_whole() {
    let whole = body(0..10);
    for cut in [0, 1, 5, 60, whole.len() / 2, whole.len() - 2] {
        let part = whole.as_bytes()[..cut].to_vec();
        let announced = Reply::json(200, part.clone()).length(Some(whole.len()));
        let reset = announced.clone().then(Step::Reset);
        // Without a length, only the text itself shows that something is missing.
        let silent = Reply::json(200, part).length(None);
        for reply in [announced, reset, silent] {
            let (rows, server) = after(vec![shaped(reply.clone())]).await;
            assert_eq!(rows.expect("ten rows"), 10, "{cut}");
            assert_eq!(server.asked().len(), 2, "{cut}");
            let (error, asked) = always(reply).await;
            assert!(matches!(*error.fault, Fault::Truncated { .. }), "{cut}: {error}");
            assert_eq!((asked, error.class()), (3, Class::Portal));
        }
    }
}

#[tokio::test]
async fn a_page_that_comes_again_with_other_rows_is_an_error() {
    let part = body(0..10).into_bytes()[..400].to_vec();
    let first = Reply::json(200, part).length(None);
    for other in [body(1..11), body(0..1), "[]".to_owned()] {
        let second = Reply::json(200, other);
        let (rows, _) = after(vec![first.clone(), second]).await;
        let error = rows.unwrap_err();
        assert!(matches!(*error.fault, Fault::Pages(_)), "{error}");
        assert!(error.rows > 0);
    }
}

#[tokio::test]
async fn slow_and_silent_answers_are_given_up() {
    // A drop now and then, forever.
    let drip = Reply::json(200, "[").length(None);
    let drip = drip.then(Step::Forever(b" ".to_vec(), Duration::from_millis(50)));
    let begin = Instant::now();
    let (error, _) = always(drip).await;
    let fault = &*error.fault;
    assert!(matches!(fault, Fault::Network(NetworkFault::Slow(64))), "{error}");
    let silent = Reply::json(200, "[").length(None).then(Step::Wait(Duration::from_secs(30)));
    let (error, asked) = always(silent).await;
    let fault = &*error.fault;
    assert!(matches!(fault, Fault::Network(NetworkFault::Idle(_))) && asked == 3, "{error}");
    assert!(begin.elapsed() < Duration::from_secs(6));
    // No answer at all.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut deaf = request(&Server::start(|_, _| Reply::json(200, "[]")).await, QUERY);
    deaf.endpoint.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let (error, _) = all(client().rows(deaf.clone())).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Network(NetworkFault::NoAnswer(_))), "{error}");
    drop(listener);
    let (error, _) = all(client().rows(deaf)).await.unwrap_err();
    let fault = &*error.fault;
    assert!(matches!(fault, Fault::Network(NetworkFault::Connect(_))), "{error}");
    assert_eq!((error.attempts, error.class()), (3, Class::Portal));
}

#[tokio::test]
async fn a_host_that_does_not_speak_https_is_not_asked_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut secure = request(&Server::start(|_, _| Reply::json(200, "[]")).await, QUERY);
    secure.endpoint.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    secure.endpoint.set_scheme("https").unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad\r\n\r\n").await
    });
    let (error, _) = all(client().rows(secure)).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Network(NetworkFault::Tls(_))), "{error}");
    assert_eq!(error.attempts, 1);
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn answers_without_end_are_cut_with_an_error() {
    let row = format!("{},", row(1));
    let endless = Reply::json(200, "[").length(None);
    let endless = endless.then(Step::Forever(row.repeat(100).into_bytes(), Duration::ZERO));
    // More rows than LIMIT says.
    let (error, asked) = always(endless.clone()).await;
    assert!(matches!(*error.fault, Fault::Pages(_)) && asked == 1, "{error}");
    let server = Server::start(move |_, _| endless.clone()).await;
    let open = request(&server, "select * from things limit 100000000");
    let (error, _) = all(client().rows(open)).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::TooLarge { limit: 0x10_0000, .. }), "{error}");
    // One row without end.
    let long = Reply::json(200, "[{\"beat\":\"").length(None);
    let long = long.then(Step::Forever(vec![b'x'; 1000], Duration::ZERO));
    let (error, _) = always(long).await;
    assert!(matches!(*error.fault, Fault::TooLarge { what: "a row", .. }), "{error}");
    // One that says so beforehand.
    let (error, asked) = always(Reply::json(200, "[").length(Some(1 << 40))).await;
    assert!(matches!(*error.fault, Fault::TooLarge { .. }) && asked == 1, "{error}");
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_answers_are_limited_by_what_they_unpack_to() {
    let small = Reply::json(200, packed(body(0..10).as_bytes())).header("Content-Encoding", "gzip");
    let (rows, server) = after(vec![shaped(small.clone())]).await;
    assert_eq!(rows.unwrap(), 10);
    assert_eq!(server.asked()[0].header("accept-encoding"), Some("gzip"));
    let mut bomb = b"[".to_vec();
    bomb.resize(64 << 20, b' ');
    let bomb = packed(&bomb);
    assert!(bomb.len() < 1 << 18, "{} bytes", bomb.len());
    let (error, asked) = always(Reply::json(200, bomb).header("Content-Encoding", "gzip")).await;
    assert!(matches!(*error.fault, Fault::TooLarge { .. }) && asked == 1, "{error}");
    // Packed data that breaks off.
    let mut part = small.clone();
    part.body.truncate(part.body.len() - 12);
    let (rows, _) = after(vec![shaped(part.length(None))]).await;
    assert_eq!(rows.unwrap(), 10);
}

#[tokio::test]
async fn the_portals_error_is_shown_at_the_users_text() {
    let coordinator = r#"{"message":"Query coordinator error: query.soql.no-such-column; No such column: beat; position: Map(row -> 1, column -> 47, line -> \"x\")",
        "errorCode":"query.soql.no-such-column","data":{"column":"beat","dataset":"x.1","position":
        {"row":1,"column":47,"line":"SELECT `n`, `beat`, `open` FROM x WHERE `open` AND `beat` = 'K1'\n  ^"}}}"#;
    let analyzer = r#"{"type":"soql.analyzer.typechecker.no-such-column","english":"No such column",
        "data":{"name":"beat"},"source":{"type":"anonymous","position":{"row":1,"column":32}}}"#;
    let query = "select n, open from things where open and beat = 'K1' limit 5";
    for (target, body) in [(Target::Soda2, coordinator), (Target::Soda3, analyzer)] {
        let server = Server::start(move |_, _| Reply::json(400, body)).await;
        let rows = client().rows(request_for(&server, query, target));
        let (error, _) = all(rows).await.unwrap_err();
        let span = error.span.expect("a place");
        assert_eq!(span.text(query), "beat", "{target:?}");
        assert_eq!((error.class(), error.attempts), (Class::Query, 1));
    }
    // What cannot be found in the query has no place, and no wrong one.
    for body in [
        r#"{"errorCode":"query.soql.no-such-column","message":"x","data":{"column":"ward"}}"#,
        r#"{"errorCode":"x","message":"x","data":{"position":{"row":9,"column":900,"line":"?"}}}"#,
        r#"{"errorCode":"x","message":"x","data":{"position":{"row":4294967295,"column":0}}}"#,
        r#"{"error":true,"message":"at line 0 character 0"}"#,
    ] {
        let server = Server::start(move |_, _| Reply::json(400, body)).await;
        let (error, _) = all(client().rows(request(&server, query))).await.unwrap_err();
        assert_eq!(error.span, None, "{body}");
    }
    // The text that was sent is repeated whole.
    let malformed = r#"{"code":"query.compiler.malformed","error":true,"message":"Could not parse",
        "data":{"query":"select n, open where open and beat = 'K1' limit 5","position":
        {"row":1,"column":39,"line":"select n, open where open and beat = 'K1' limit 5"}}}"#;
    let server = Server::start(move |_, _| Reply::json(400, malformed)).await;
    let (error, _) = all(client().rows(request(&server, query))).await.unwrap_err();
    assert_eq!(error.span.unwrap().text(query), "'K1'");
}

#[tokio::test]
async fn a_count_that_is_refused_is_done_without() {
    let rows: Vec<usize> = (0..5).collect();
    let server = Server::start(move |_, asked| {
        if is_count(asked) { Reply::json(400, "{\"error\":true}") } else { answer(&rows, asked) }
    })
    .await;
    let (rows, _) =
        all(client().rows(request(&server, "select * from things limit all"))).await.unwrap();
    assert_eq!(rows.len(), 5);
}

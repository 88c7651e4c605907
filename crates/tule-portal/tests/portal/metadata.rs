//! Schemas, the cache, and the catalogue.

use serde_json::{Value, json};
use tule_core::types::Type;
use tule_portal::options::Options;
use tule_portal::{Client, Fault, Notice, Search};

use crate::server::{Reply, Server};
use crate::table::{address, client, options};

fn view(columns: usize) -> String {
    let columns: Vec<Value> = (0..columns)
        .map(|n| json!({"fieldName": format!("c{n}"), "name": format!("C {n}"), "dataTypeName": "text"}))
        .collect();
    json!({"id": "abcd-1234", "name": "Things", "columns": columns}).to_string()
}

#[tokio::test]
async fn a_schema_is_read_from_the_view() {
    let server = Server::start(|_, asked| {
        assert_eq!(asked.path, "/api/views/abcd-1234.json");
        Reply::json(200, view(2))
    })
    .await;
    let schema = client().schema(&address(&server), "abcd-1234").await.unwrap();
    assert_eq!((&*schema.dataset.title, &schema.dataset.host), ("Things", &server.host()));
    assert_eq!(schema.dataset.columns[1].name, "c1");
    assert!(schema.is_fresh);
}

#[tokio::test]
async fn unknown_types_and_a_thousand_columns_are_read() {
    let odd = json!({"id": "abcd-1234", "columns": [
        {"fieldName": "a", "dataTypeName": "hologram"},
        {"fieldName": "b", "dataTypeName": "number", "cachedContents": {"count": 5}},
    ]});
    let server = Server::start(move |number, _| {
        Reply::json(200, if number == 0 { odd.to_string() } else { view(1_000) })
    })
    .await;
    let client = client();
    let schema = client.schema(&address(&server), "abcd-1234").await.unwrap();
    assert_eq!(
        (schema.dataset.columns[0].ty, &*schema.dataset.columns[0].portal_type),
        (None, "hologram")
    );
    assert_eq!(schema.dataset.columns[1].ty, Some(Type::Number));
    let schema = client.schema(&address(&server), "abcd-1234").await.unwrap();
    assert_eq!(schema.dataset.columns.len(), 1_000 + 4, "with the system columns");
}

#[tokio::test]
async fn metadata_that_is_none_is_an_error() {
    for (body, expected) in [
        ("{\"id\": \"abcd-1234\", \"columns\": 5}", "expected a list"),
        ("[1]", "expected an object"),
        ("{\"columns\": [", "expected JSON"),
        ("\"x\"", "expected an object or a list"),
    ] {
        let server = Server::start(move |_, _| Reply::json(200, body)).await;
        let error = client().schema(&address(&server), "abcd-1234").await.unwrap_err();
        assert!(matches!(*error.fault, Fault::Metadata(_)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(2 << 20));
    let server = Server::start(move |_, _| Reply::json(200, long.clone())).await;
    let error = client().schema(&address(&server), "abcd-1234").await.unwrap_err();
    assert!(matches!(*error.fault, Fault::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn those_who_ask_at_the_same_time_share_a_request() {
    let server = Server::start(|_, _| Reply::json(200, view(2))).await;
    let (client, address) = (client(), address(&server));
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (client, address) = (client.clone(), address.clone());
            tokio::spawn(async move { client.schema(&address, "abcd-1234").await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().dataset.title, "Things");
    }
    assert_eq!(server.asked().len(), 1);
    // What is over is not remembered: the portal may have changed.
    client.schema(&address, "abcd-1234").await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again_and_is_there_offline() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_, asked| {
        if asked.header("if-none-match") == Some("\"one\"") {
            return Reply::json(304, "").length(None);
        }
        Reply::json(200, view(2)).header("ETag", "\"one\"")
    })
    .await;
    let address = address(&server);
    let cached = |offline| {
        let cache = Some(folder.path().to_owned());
        Client::new(Options { cache, offline, ..options() })
    };
    let error = cached(true).schema(&address, "abcd-1234").await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Offline), "{error}");
    assert_eq!(server.asked().len(), 0);
    let first = cached(false).schema(&address, "abcd-1234").await.unwrap();
    let second = cached(false).schema(&address, "abcd-1234").await.unwrap();
    let third = cached(true).schema(&address, "abcd-1234").await.unwrap();
    assert_eq!(first.dataset, second.dataset);
    assert_eq!(first.dataset, third.dataset);
    assert_eq!((second.is_fresh, third.is_fresh), (true, false));
    assert_eq!(server.asked().len(), 2);
    // A file that somebody broke is fetched anew.
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "{").unwrap();
    let again = cached(false).schema(&address, "abcd-1234").await.unwrap();
    assert_eq!(again.dataset, first.dataset);
    assert_eq!(server.asked()[2].header("if-none-match"), None);
}

#[tokio::test]
async fn what_cannot_be_kept_is_used_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let server = Server::start(|_, _| Reply::json(200, view(2))).await;
    let client = Client::new(Options { cache: Some(file), ..options() });
    client.schema(&address(&server), "abcd-1234").await.unwrap();
    assert!(matches!(&client.take_notices()[..], [Notice::NotKept { .. }]));
}

#[tokio::test]
async fn columns_alone_and_counts_can_be_asked_for() {
    let server = Server::start(|_, asked| match &*asked.path {
        "/api/views/abcd-1234/columns.json" => Reply::json(
            200,
            r#"[{"fieldName": "group", "dataTypeName": "calendar_date"},
                {"fieldName": "b", "dataTypeName": "text"}]"#,
        ),
        "/resource/abcd-1234.json" => {
            let expected = "count(*) as n, min(`group`) as first, max(`group`) as last";
            assert_eq!(asked.param("$select"), Some(expected));
            Reply::json(200, r#"[{"n":"1234567","first":"2010-01-01T00:00:00.000","last":"2025-06-01T00:00:00.000"}]"#)
        }
        _ => Reply::json(404, "{\"error\":true}"),
    })
    .await;
    let (client, portal) = (client(), address(&server));
    let mut dataset = client.columns(&portal, "abcd-1234").await.unwrap();
    assert_eq!((dataset.columns[1].name.as_str(), dataset.rows), ("b", None));
    client.survey(&portal, &mut dataset).await.unwrap();
    let range = dataset.range.clone().unwrap();
    assert_eq!(
        (dataset.rows, &*range.column, &*range.last),
        (Some(1_200_000), "group", "2025-06-01T00:00:00.000")
    );
    // What is known is not asked for.
    let before = server.asked().len();
    client.survey(&portal, &mut dataset).await.unwrap();
    assert_eq!(server.asked().len(), before);
}

fn hit(host: &str, id: &str) -> Value {
    json!({
        "resource": {"id": id, "name": format!("Dataset {id}"), "type": "dataset",
            "columns_field_name": ["a"], "columns_datatype": ["Text"]},
        "metadata": {"domain": host},
    })
}

#[tokio::test]
async fn only_the_portals_own_datasets_are_found() {
    let server = Server::start(|_, asked| {
        let hosts = asked.param("domains").unwrap().to_owned();
        let own = hosts.split(',').next().unwrap();
        let offset: usize = asked.param("offset").unwrap().parse().unwrap();
        let mut hits: Vec<Value> = (offset..(offset + 100).min(150))
            .map(|n| {
                hit(if n % 2 == 0 { own } else { "elsewhere.example" }, &format!("aaaa-{n:04}"))
            })
            .collect();
        if offset > 0 {
            // Pages may repeat a dataset.
            hits.push(hit(own, "aaaa-0000"));
        }
        Reply::json(200, json!({"results": hits, "resultSetSize": 150}).to_string())
    })
    .await;
    let search = Search { words: "police calls".to_owned(), limit: 1_000, every_kind: false };
    let found = client().search(&address(&server), &search).await.unwrap();
    assert_eq!((found.datasets.len(), found.foreign, found.total), (75, 75, Some(150)));
    assert!(found.datasets.iter().all(|dataset| dataset.host == server.host()));
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/api/catalog/v1");
    assert_eq!(asked.param("q"), Some("police calls"));
    assert_eq!(asked.param("only"), Some("dataset,filter"));
    let search = Search { limit: 3, ..search };
    assert_eq!(client().search(&address(&server), &search).await.unwrap().datasets.len(), 3);
    let refused = Server::start(|_, _| Reply::json(400, "{\"error\":\"bad offset\"}")).await;
    let error = client().search(&address(&refused), &search).await.unwrap_err();
    assert!(error.to_string().contains("bad offset"), "{error}");
}

//! Tokens go where they belong, redirects are looked at, and hosts are left in peace.

use std::time::Duration;

use tule_core::target::Target;
use tule_portal::options::{Budget, Options};
use tule_portal::{Client, Fault, Notice, Token, Tokens};

use crate::all;
use crate::server::{Reply, Server, Step};
use crate::table::{answer, options, request, request_for};

const SECRET: &str = "s3cr3t-t0k3n";
const QUERY: &str = "select * from things limit 10";

fn with_token(server: &Server) -> Client {
    let mut tokens = Tokens::default();
    tokens.insert(&server.host(), Token::new(SECRET).unwrap());
    Client::new(Options { tokens, ..options() })
}

async fn things() -> Server {
    Server::start(|_, asked| answer(&(0..5).collect::<Vec<_>>(), asked)).await
}

#[tokio::test]
async fn a_token_is_a_header_for_its_host_and_nowhere_else() {
    let (one, other) = (things().await, things().await);
    let client = with_token(&one);
    all(client.rows(request(&one, QUERY))).await.unwrap();
    all(client.rows(request_for(&one, QUERY, Target::Soda3))).await.unwrap();
    all(client.rows(request(&other, QUERY))).await.unwrap();
    let methods: Vec<String> = one.asked().iter().map(|asked| asked.method.clone()).collect();
    assert_eq!(methods, ["GET", "POST"]);
    for asked in one.asked() {
        assert_eq!(asked.header("x-app-token"), Some(SECRET));
        let elsewhere = format!("{} {:?} {}", asked.path, asked.params, asked.body);
        assert!(!elsewhere.contains(SECRET));
        assert!(asked.header("user-agent").unwrap().starts_with("tule/"));
    }
    assert_eq!(other.asked()[0].header("x-app-token"), None);
    assert!(!format!("{client:?}").contains(SECRET));
}

#[tokio::test]
async fn a_token_that_is_not_known_is_left_out_once_and_for_all() {
    let server = Server::start(|_, asked| {
        if asked.header("x-app-token").is_some() {
            let body = r#"{"code":"permission_denied","error":true,"message":"Invalid app_token specified"}"#;
            return Reply::json(403, body);
        }
        answer(&(0..5).collect::<Vec<_>>(), asked)
    })
    .await;
    let client = with_token(&server);
    let (rows, _) = all(client.rows(request(&server, QUERY))).await.unwrap();
    assert_eq!(rows.len(), 5);
    assert_eq!(client.take_notices(), [Notice::TokenRejected { host: server.host() }]);
    all(client.rows(request(&server, QUERY))).await.unwrap();
    let sent = server.asked().iter().filter(|a| a.header("x-app-token").is_some()).count();
    assert_eq!((server.asked().len(), sent), (3, 1));
    assert_eq!(client.take_notices(), []);
}

#[tokio::test]
async fn a_dataset_that_is_private_is_so_without_a_token_as_well() {
    let body = r#"{"code":"permission_denied","error":true,"message":"You must be logged in"}"#;
    let server = Server::start(move |_, _| Reply::json(403, body)).await;
    let (error, _) = all(with_token(&server).rows(request(&server, QUERY))).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Forbidden(_)), "{error}");
    assert_eq!(server.asked().len(), 2);
    let shown = format!("{error} {error:?} {:?}", error.help());
    assert!(!shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn a_redirect_to_another_host_takes_no_token_along() {
    let target = things().await;
    let there = target.address.join("/resource/abcd-1234.json").unwrap().to_string();
    let server = Server::start(move |_, _| Reply::json(302, "").header("Location", &there)).await;
    // Both have a token: neither is for a host that a server names.
    let mut tokens = Tokens::default();
    tokens.insert(&server.host(), Token::new(SECRET).unwrap());
    tokens.insert(&target.host(), Token::new("another").unwrap());
    let client = Client::new(Options { tokens, ..options() });
    let (rows, _) = all(client.rows(request(&server, QUERY))).await.unwrap();
    assert_eq!(rows.len(), 5);
    assert_eq!(server.asked()[0].header("x-app-token"), Some(SECRET));
    let asked = &target.asked()[0];
    assert_eq!((asked.header("x-app-token"), asked.header("referer")), (None, None));
    let redirected = Notice::Redirected { from: server.host(), to: target.host() };
    assert_eq!(client.take_notices(), [redirected]);
    // A query in a body goes to no host that the user did not name.
    let before = target.asked().len();
    let posted = client.rows(request_for(&server, QUERY, Target::Soda3));
    let (error, _) = all(posted).await.unwrap_err();
    assert!(
        matches!(&*error.fault, Fault::Moved { to } if *to == format!("http://{}", target.host()))
    );
    assert_eq!(target.asked().len(), before);
}

#[tokio::test]
async fn redirects_on_the_same_host_are_followed_so_often() {
    let server = Server::start(|_, asked| match &*asked.path {
        "/there" => answer(&(0..5).collect::<Vec<_>>(), asked),
        "/resource/abcd-1234.json" => Reply::json(301, "").header("Location", "/there"),
        _ => Reply::json(307, "").header("Location", "/there"),
    })
    .await;
    let client = with_token(&server);
    for target in Target::ALL {
        let (rows, _) = all(client.rows(request_for(&server, QUERY, target))).await.unwrap();
        assert_eq!(rows.len(), 5);
    }
    assert!(server.asked().iter().all(|asked| asked.header("x-app-token") == Some(SECRET)));
    let round = Server::start(|_, _| Reply::json(302, "").header("Location", "/again")).await;
    let (error, _) = all(client.rows(request(&round, QUERY))).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Moved { .. }), "{error}");
    assert_eq!(round.asked().len(), 4);
    for to in ["file:///etc/passwd", "http://", "gopher://x/"] {
        let odd = Server::start(move |_, _| Reply::json(302, "").header("Location", to)).await;
        let (error, _) = all(client.rows(request(&odd, QUERY))).await.unwrap_err();
        assert!(matches!(*error.fault, Fault::NotAPortal { .. }), "{to}: {error}");
    }
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_the_budget_says() {
    let (now, most) = (
        std::sync::Arc::new(std::sync::Mutex::new(0)),
        std::sync::Arc::new(std::sync::Mutex::new(0)),
    );
    let counts = (now.clone(), most.clone());
    let server = Server::start(move |_, asked| {
        // The reply is made when the request arrives and its body ends later.
        let mut under_way = counts.0.lock().unwrap();
        *under_way += 1;
        let mut highest = counts.1.lock().unwrap();
        *highest = (*highest).max(*under_way);
        let counts = counts.0.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            *counts.lock().unwrap() -= 1;
        });
        let mut reply = answer(&[1], asked);
        let rest = reply.body.split_off(1);
        reply.length = Some(rest.len() + 1);
        reply.then(Step::Wait(Duration::from_millis(40))).then(Step::Send(rest))
    })
    .await;
    let budget = Budget { at_once: 2, spacing: Duration::ZERO };
    let client = Client::new(Options { budget, ..options() });
    let tasks: Vec<_> =
        (0..6).map(|_| tokio::spawn(all(client.rows(request(&server, QUERY))))).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(*most.lock().unwrap(), 2);
}

#[tokio::test]
async fn offline_nothing_is_sent() {
    let server = things().await;
    let client = Client::new(Options { offline: true, ..options() });
    let (error, _) = all(client.rows(request(&server, QUERY))).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Offline), "{error}");
    assert_eq!(server.asked().len(), 0);
}

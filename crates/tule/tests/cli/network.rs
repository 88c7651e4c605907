//! Authorities of one's own, and proxies: real handshakes on loopback.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::common::{Folder, Run};

type Log = Arc<Mutex<Vec<String>>>;

/// An authority that no system knows, and a server's key with its certificate for some names.
struct Authority {
    pem: String,
    config: Arc<ServerConfig>,
}

impl Authority {
    fn new(names: &[&str]) -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], key)
            .unwrap();
        Self { pem: issuer.pem(), config: Arc::new(config) }
    }
}

/// Answers one request with a view, and gives its head.
fn answer(stream: &mut (impl Read + Write)) -> std::io::Result<String> {
    let head = head(stream)?;
    let columns = [json!({"fieldName": "beat", "name": "Beat", "dataTypeName": "text"})];
    let view = json!({"id": "call-call", "name": "Calls", "columns": columns}).to_string();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{view}",
        view.len()
    )?;
    stream.flush()?;
    Ok(head)
}

fn head(stream: &mut impl Read) -> std::io::Result<String> {
    let mut lines = BufReader::with_capacity(1, stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if lines.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}

/// A server; each connection is handled by `handle`, and what that gives is kept.
fn serve(handle: impl Fn(TcpStream) -> std::io::Result<String> + Send + 'static) -> (u16, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let log = Log::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(head) = handle(stream) {
                kept.lock().unwrap().push(head);
            }
        }
    });
    (port, log)
}

fn secure(config: &Arc<ServerConfig>, stream: TcpStream) -> std::io::Result<String> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    answer(&mut StreamOwned::new(connection, stream))
}

fn lock(address: &str, variables: &[(&str, &str)]) -> Run {
    let folder = Folder::empty();
    let text = format!(
        "[portals.city]\nurl = \"{address}\"\nkind = \"socrata\"\ntoken-env = \"CITY_TOKEN\"\n\
         [datasets]\ncalls = \"city/call-call\"\n"
    );
    folder.write("tule.toml", text);
    folder.tule_with(&["lock"], variables)
}

#[test]
fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let authority = Authority::new(&["localhost"]);
    let config = Arc::clone(&authority.config);
    let (port, log) = serve(move |stream| secure(&config, stream));
    let address = format!("https://localhost:{port}");
    let folder = Folder::empty();
    folder.write("ca.pem", &authority.pem).write("empty.pem", "nothing");
    let (ca, empty) = (folder.path("ca.pem"), folder.path("empty.pem"));
    let (ca, empty) = (ca.to_str().unwrap(), empty.to_str().unwrap());
    let secret = ("CITY_TOKEN", "s3cret-t0ken");
    lock(&address, &[secret]).ends(3).tells("no secure connection");
    assert_eq!(*log.lock().unwrap(), Vec::<String>::new(), "no token, no request");
    for name in ["TULE_CA", "SSL_CERT_FILE"] {
        lock(&address, &[(name, ca), secret]).ends(0).tells("1 dataset, written");
    }
    let heads = log.lock().unwrap().join("").to_lowercase();
    assert_eq!(heads.matches("x-app-token: s3cret-t0ken").count(), 2, "{heads}");
    // An authority is one for the names that it vouches for.
    let other = Authority::new(&["other.example"]);
    folder.write("other.pem", &other.pem);
    let path = folder.path("other.pem");
    lock(&address, &[("TULE_CA", path.to_str().unwrap())]).ends(3).tells("no secure connection");
    lock(&address, &[("TULE_CA", empty)]).tells("holds no certificate");
    lock(&address, &[("TULE_CA", "/no/such/file")]).ends(2).tells("/no/such/file");
}

/// Connects both sides of a tunnel.
fn tunnel(client: TcpStream, port: u16) -> std::io::Result<String> {
    let mut client = client;
    let head = head(&mut client)?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let server = TcpStream::connect(("127.0.0.1", port))?;
    let (mut from, mut to) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
    let (mut from, mut to) = (server, client);
    std::thread::spawn(move || std::io::copy(&mut from, &mut to));
    Ok(head)
}

#[test]
fn a_proxy_is_asked_and_sees_nothing_of_what_is_secret() {
    let authority = Authority::new(&["data.example.test"]);
    let config = Arc::clone(&authority.config);
    let (port, log) = serve(move |stream| secure(&config, stream));
    let (proxy, asked) = serve(move |stream| tunnel(stream, port));
    let proxy = format!("http://127.0.0.1:{proxy}");
    let folder = Folder::empty();
    folder.write("ca.pem", &authority.pem);
    let ca = folder.path("ca.pem");
    let variables = [
        ("HTTPS_PROXY", &*proxy),
        ("TULE_CA", ca.to_str().unwrap()),
        ("CITY_TOKEN", "s3cret-t0ken"),
    ];
    lock("https://data.example.test", &variables).ends(0).tells("1 dataset, written");
    let seen = asked.lock().unwrap().join("");
    assert!(seen.starts_with("CONNECT data.example.test:443 "), "{seen}");
    assert!(!seen.contains("s3cret") && !seen.contains("call-call"), "{seen}");
    assert!(log.lock().unwrap()[0].contains("s3cret-t0ken"));
    // What is on this machine is asked without one.
    let (port, direct) = serve(|mut stream| answer(&mut stream));
    let before = asked.lock().unwrap().len();
    let address = format!("http://127.0.0.1:{port}");
    lock(&address, &[("HTTP_PROXY", &proxy)]).ends(0);
    assert_eq!((direct.lock().unwrap().len(), asked.lock().unwrap().len()), (1, before));
}

/// An address of this machine that does not look like one.
#[cfg(target_os = "linux")]
#[test]
fn hosts_that_are_excepted_are_asked_without_the_proxy() {
    let (port, direct) = serve(|mut stream| answer(&mut stream));
    let (proxy, asked) = serve(|mut stream| answer(&mut stream));
    let (proxy, address) = (format!("http://127.0.0.1:{proxy}"), format!("http://0.0.0.0:{port}"));
    let counts = || (direct.lock().unwrap().len(), asked.lock().unwrap().len());
    lock(&address, &[("HTTP_PROXY", &proxy)]).ends(0);
    assert_eq!(counts(), (0, 1));
    assert!(asked.lock().unwrap()[0].starts_with(&format!("GET {address}/api/views/")));
    lock(&address, &[("HTTP_PROXY", &proxy), ("NO_PROXY", "0.0.0.0")]).ends(0);
    assert_eq!(counts(), (1, 1));
}

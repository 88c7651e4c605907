//! Clients that others wrote, against `tule serve` with the sample of the example project.
//!
//! They come from their registries: `.ci/clients` installs them and names them in the environment
//! (`TULE_PYTHON`, `NODE_PATH`). Where one is missing its test says so and does nothing.

use std::process::Command;

use crate::common::{Folder, stockton};
use crate::serve::Server;

fn serve() -> Server {
    let data = stockton().join("data");
    Server::start(Folder::empty(), &[data.to_str().unwrap(), "--token", "right"])
}

/// Runs a client's program, unless `probe` shows that the client is not installed.
fn run(program: &str, probe: &[&str], script: &str) {
    let installed = Command::new(program).args(probe).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        let required = std::env::var_os("TULE_CLIENTS").is_some();
        assert!(!required, "{script}: the client is not installed");
        println!("skipped: the client of {script} is not installed");
        return;
    }
    let server = serve();
    let script = crate::common::repository().join("tests/clients").join(script);
    let output = Command::new(program).arg(script).arg(server.address()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("all well"), "{said}{error}");
}

#[test]
fn sodapy() {
    let python = std::env::var("TULE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    run(&python, &["-c", "import sodapy"], "sodapy_client.py");
}

#[test]
fn soda_js() {
    run("node", &["-e", "require('soda-js')"], "soda_js_client.js");
}

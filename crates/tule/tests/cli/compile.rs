//! `tule compile`.

use url::Url;

use crate::common::{Folder, stockton};

const LATEST: &str = "select beat, call_no from police_calls where beat = 'K1' limit 5";

#[test]
fn a_query_may_begin_with_a_comment() {
    let query = format!("-- the newest\n{LATEST}");
    let run = Folder::stockton().tule(&["compile", "-e", &query]).ends(0);
    assert_eq!(run.out, Folder::stockton().tule(&["compile", "-e", LATEST]).ends(0).out);
}

#[test]
fn the_example_project_compiles() {
    let queries = stockton().join("queries");
    let arguments = ["compile", queries.to_str().unwrap(), "--param", "beat=K1"];
    let run = Folder::empty().tule(&arguments).ends(0);
    assert_eq!(run.err, "");
    assert_eq!(run.out.lines().count(), 8);
    for line in run.out.lines() {
        let url = Url::parse(line).unwrap();
        assert_eq!(url.host_str(), Some("data.stocktonca.gov"));
        assert!(url.query_pairs().all(|(name, _)| name.starts_with('$')), "{line}");
    }
}

#[test]
fn a_query_becomes_an_address() {
    let run = Folder::stockton().tule(&["compile", "-e", LATEST]).ends(0);
    assert_eq!(
        run.out,
        "https://data.stocktonca.gov/resource/esc4-8x43.json?%24select=beat%2C+call_no\
         &%24where=beat+%3D+%27K1%27&%24limit=5\n"
    );
}

#[test]
fn json_has_the_documented_form() {
    let folder = Folder::stockton();
    folder.write("a.tule", format!("query latest() as {LATEST}; from police_calls select *;"));
    let run = folder.tule(&["compile", "a.tule", "--format", "json"]).ends(0);
    let requests = &run.json("compile")["requests"];
    assert_eq!(requests[0]["name"], "latest");
    assert_eq!(requests[0]["method"], "GET");
    assert_eq!(requests[0]["params"][0], serde_json::json!(["$select", "beat, call_no"]));
    assert_eq!(requests[0]["paging"], serde_json::json!({"strategy": "single", "page_size": 5}));
    assert_eq!(requests[0]["columns"][1]["type"], "text");
    assert_eq!(requests[1]["name"], serde_json::Value::Null);
    assert_eq!(requests[1]["paging"]["strategy"], "default-limit");
    let run = folder.tule(&["compile", "a.tule", "--format", "json", "--target", "soda3"]).ends(0);
    let requests = &run.json("compile")["requests"];
    assert_eq!(requests[0]["method"], "POST");
    assert!(requests[0]["body"]["query"].as_str().unwrap().starts_with("select beat, call_no"));
    assert_eq!(requests[0]["params"], serde_json::json!([]));
}

#[test]
fn a_shell_gives_curl_exactly_the_request() {
    let folder = Folder::stockton();
    let hostile = r#"select beat from police_calls where beat = 'K''1"$(rm -rf x)`!\\' limit 1"#;
    let compiled = |arguments: &[&str]| {
        folder.tule(&[&["compile", "-e", hostile], arguments].concat()).ends(0)
    };
    let words = |command: &str| {
        let mut shell = std::process::Command::new("sh");
        let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}; {command}");
        let output = shell.arg("-c").arg(script).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let get = compiled(&["--format", "curl"]).out;
    assert_eq!(words(&get), [compiled(&[]).out.trim_end()]);

    let post = compiled(&["--format", "curl", "--target", "soda3"]).out;
    let words = words(&post);
    assert_eq!(words[..4], ["-X", "POST", "-H", "Content-Type: application/json"]);
    let json = compiled(&["--format", "json", "--target", "soda3"]).json("compile");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&words[5]).unwrap(),
        json["requests"][0]["body"]
    );
    assert_eq!(words[6], json["requests"][0]["url"].as_str().unwrap());
}

#[test]
fn http_is_the_text_of_the_request() {
    let folder = Folder::stockton();
    let http = |target| {
        folder.tule(&["compile", "-e", LATEST, "--format", "http", "--target", target]).ends(0).out
    };
    assert_eq!(
        http("soda2"),
        "GET /resource/esc4-8x43.json?%24select=beat%2C+call_no&%24where=beat+%3D+%27K1%27&%24limit=5 \
         HTTP/1.1\r\nHost: data.stocktonca.gov\r\nAccept: application/json\r\n\r\n"
    );
    let post = http("soda3");
    let (head, body) = post.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/v3/views/esc4-8x43/query.json HTTP/1.1\r\n"), "{head}");
    assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{head}");
}

#[test]
fn the_portal_chooses_the_interface_unless_the_command_line_does() {
    let folder = Folder::stockton();
    let manifest = folder.read("tule.toml").replace("kind =", "api = \"soda3\"\nkind =");
    folder.write("tule.toml", manifest);
    let run = folder.tule(&["compile", "-e", LATEST]).ends(0);
    run.prints("https://data.stocktonca.gov/api/v3/views/esc4-8x43/query.json\n")
        .tells("note: the query is in the body");
    folder.tule(&["compile", "-e", LATEST, "--target", "soda2"]).ends(0).says("/resource/");
    let from = ["compile", "-e", "select beat limit 1", "--from", "police_calls"];
    folder.tule(&from).ends(0).says("/api/v3/");
}

#[test]
fn a_portal_of_another_kind_is_refused() {
    let folder = Folder::stockton();
    folder.write("tule.toml", "[portals.a]\nurl = 'https://a.gov'\nkind = 'ckan'\n");
    let lock = "version = 1\n[dataset.'a.gov/x']\nkind = 'ckan'\n\
                columns = [{ name = 'beat', type = 'text' }]\n";
    folder.write("tule.lock", lock);
    let query = "select beat from 'a/x' limit 1";
    let run = folder.tule(&["compile", "-e", query]).ends(1).prints("");
    run.tells("error[not-on-this-portal]").tells("kind `ckan`");
}

#[test]
fn one_fault_and_nothing_is_printed() {
    let folder = Folder::stockton();
    folder.write("a.tule", format!("{LATEST}; select beet from police_calls limit 5; {LATEST}"));
    for format in ["url", "curl", "http", "json"] {
        let run = folder.tule(&["compile", "a.tule", "--format", format]).ends(1).prints("");
        run.tells("error[unknown-column]");
    }
    folder.tule(&["compile", "-e", "select"]).ends(1).prints("").tells("<query>:1:");
}

#[test]
fn parameters_are_values() {
    let folder = Folder::stockton();
    folder.write(
        "a.tule",
        "query one($beat text, $since floating_timestamp default today() - 1) as\n\
         from police_calls select beat where beat = $beat and call_entry_date >= $since limit 1;\n\
         query two($limit number default 7) as from police_calls select beat limit $limit;",
    );
    let compile = |arguments: &[&str]| {
        let now = ["compile", "a.tule", "--now", "2026-03-01T12:00:00"];
        folder.tule(&[&now, arguments].concat())
    };
    let run = compile(&[]).ends(1).prints("").tells("error[missing-parameter]");
    run.tells("give one with `--param beat=value`").tells("a.tule:1:11 ]");
    let run = compile(&["--name", "one", "--param", "beat=K' or 'a' = 'a"]).ends(0);
    let url = Url::parse(run.out.trim()).unwrap();
    let (_, filter) = url.query_pairs().find(|(name, _)| name == "$where").unwrap();
    assert!(filter.contains("beat = 'K'' or ''a'' = ''a'"), "{filter}");
    assert!(filter.contains("'2026-02-28T00:00:00.000'"), "{filter}");
    compile(&["--name", "two"]).ends(0).says("%24limit=7");
    compile(&["--name", "TWO", "--param", "$LIMIT=9"]).ends(0).says("%24limit=9");
    compile(&["--name", "two", "--param", "limit=x"]).ends(1).tells("error[type-mismatch]");
    compile(&["--name", "two", "--param", "limits=9"]).ends(2).tells("perhaps `limit` was meant");
    compile(&["--name", "too"]).ends(2).tells("there is `two`");
    compile(&["--name", "two", "--param", "limit"]).ends(2).tells("expected `NAME=VALUE`");
}

#[test]
fn there_must_be_a_query() {
    let folder = Folder::stockton();
    folder.tule(&["compile"]).ends(2).tells("--expression");
    folder.tule(&["compile", "-e", " -- nothing"]).ends(2).tells("no query in the input");
    folder.tule(&["compile", "a.tule", "-e", LATEST]).ends(2).tells("cannot be used with");
    folder.tule(&["compile", "a.tule"]).ends(2).tells("`a.tule`: no such file or folder");
    folder.pipe(&["compile", "-"], LATEST.as_bytes()).ends(0).says("https://");
    folder.tule(&["compile", "-e", LATEST, "--target", "soda4"]).ends(2).tells("soda3");
    folder.tule(&["compile", "-e", LATEST, "--now", "soon"]).ends(2);
}

#[test]
fn a_token_in_the_environment_is_never_shown() {
    let folder = Folder::stockton();
    for format in ["url", "curl", "http", "json"] {
        let mut command = folder.command(&["compile", "-e", LATEST, "--format", format]);
        for name in ["STOCKTON_APP_TOKEN", "SOCRATA_APP_TOKEN"] {
            command.env(name, "s3cr3t");
        }
        let output = command.output().unwrap();
        assert!(output.status.success());
        assert!(!String::from_utf8(output.stdout).unwrap().contains("s3cr3t"));
    }
}

#[test]
fn what_is_compiled_can_be_imported_again() {
    let folder = Folder::stockton();
    for target in ["soda2", "soda3"] {
        let curl = folder.tule(&["compile", "-e", LATEST, "--format", "curl", "--target", target]);
        let imported = folder.pipe(&["import", "-"], curl.ends(0).out.as_bytes()).ends(0);
        let again = folder.tule(&["compile", "-e", &imported.out]).ends(0);
        again.prints(&folder.tule(&["compile", "-e", LATEST]).out);
    }
}

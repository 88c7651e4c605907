use super::*;

const GOOD: &str = r#"
# A project.
[portals.stockton]
url = "https://data.stocktonca.gov"
kind = "socrata"
aliases = ["OPDA.stocktonca.gov"]
token-env = "STOCKTON_APP_TOKEN"
api = "soda3"

[portals.chicago]
url = "https://data.cityofchicago.org/"
kind = "socrata"

[portals.planning]
url = "https://services3.arcgis.com/waC30/arcgis/rest/services"
kind = "arcgis"

[portals.county]
url = "https://services3.arcgis.com/Xy7/arcgis/rest/services/"
kind = "arcgis"

[portals.samples]
url = "data/samples"
kind = "local"

[datasets]
police_calls = "stockton/esc4-8x43"
zoning = "planning/Zoning/FeatureServer/0"
Range = "Samples/range"

[lints]
implicit-limit = "error"
case-sensitive-like = "allow"
"#;

/// Message, text under the span, help.
fn faults(text: &str) -> Vec<(String, String, String)> {
    let errors = parse(text).err().unwrap_or_default();
    let starts: Vec<u32> = errors.iter().map(|error| error.span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    for error in &errors {
        assert!(!error.span.text(text).is_empty(), "{error:?} points at nothing");
        assert!(!error.message.ends_with('.') && !error.help.ends_with('.'), "{error:?}");
        assert!(!error.message.starts_with(char::is_uppercase), "{error:?}");
    }
    errors
        .into_iter()
        .map(|error| (error.message, error.span.text(text).to_owned(), error.help))
        .collect()
}

fn one(text: &str) -> (String, String, String) {
    let mut faults = faults(text);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.remove(0)
}

/// A manifest of one socrata portal `p` with these lines in its table.
fn with(lines: &str) -> String {
    format!("[portals.p]\nkind = \"socrata\"\n{lines}\n")
}

#[test]
fn a_good_file_says_what_it_says() {
    let manifest = parse(GOOD).unwrap();
    let names: Vec<&str> = manifest.portals.iter().map(|portal| &*portal.name).collect();
    assert_eq!(names, ["stockton", "chicago", "planning", "county", "samples"]);
    let stockton = manifest.portal("Stockton").unwrap();
    assert_eq!(stockton.host(), "data.stocktonca.gov");
    assert_eq!(stockton.aliases, ["opda.stocktonca.gov"]);
    assert_eq!(stockton.token_env(), Some("STOCKTON_APP_TOKEN"));
    assert_eq!(stockton.api, Some(Target::Soda3));
    assert_eq!(stockton.span.text(GOOD), "stockton");
    assert!(stockton.answers_to("Opda.StocktonCA.gov") && !stockton.answers_to("stocktonca.gov"));
    let chicago = manifest.portal("chicago").unwrap();
    assert_eq!((chicago.token_env(), chicago.api), (Some("SOCRATA_APP_TOKEN"), None));
    let planning = manifest.portal("planning").unwrap();
    assert_eq!(planning.token_env(), None);
    let id = planning.full_id("Zoning/FeatureServer/0");
    assert_eq!(id, "waC30/arcgis/rest/services/Zoning/FeatureServer/0");
    assert_eq!(planning.relative_id(&id), Some("Zoning/FeatureServer/0"));
    assert_eq!(manifest.portal("county").unwrap().relative_id(&id), None);
    let samples = manifest.portal("samples").unwrap();
    assert_eq!((samples.host(), samples.folder()), ("samples", Some("data/samples")));
    assert_eq!(manifest.datasets["police_calls"].id, "esc4-8x43");
    assert_eq!(manifest.datasets["Range"].portal, "samples");
    assert_eq!(manifest.datasets["zoning"].span.text(GOOD), "\"planning/Zoning/FeatureServer/0\"");
    assert_eq!(manifest.lints["implicit-limit"], LintLevel::Error);
    assert_eq!(manifest.lint_span("implicit-limit").unwrap().text(GOOD), "implicit-limit");
}

#[test]
fn an_empty_file_is_a_good_one() {
    assert_eq!(parse(""), Ok(Manifest::default()));
    assert_eq!(parse("# nothing yet\n"), Ok(Manifest::default()));
}

#[test]
fn a_port_belongs_to_the_host() {
    let manifest = parse(&with("url = 'http://LOCALHOST:8080'")).unwrap();
    assert_eq!(manifest.portals[0].host(), "localhost:8080");
    let manifest = parse(&with("url = 'https://a.gov:443'")).unwrap();
    assert_eq!(manifest.portals[0].host(), "a.gov");
}

#[test]
fn every_fault_is_reported() {
    let text = r#"
[portal.x]
url = "https://a.gov"

[portals.a]
url = "data.a.gov"
kind = "socrta"
token_env = "A"

[portals.b]
url = "data.b.gov"
kind = "socrata"
aliases = "b.gov"

[datasets]
police-calls = "a/abcd-1234"
order = "a/abcd-1234"
calls = "nowhere/abcd-1234"
fires = "abcd-1234"
Calls = 5

[lints]
implicit-limit = "warning"
"#;
    let faults = faults(text);
    let lines: Vec<String> = faults
        .iter()
        .map(|(message, place, help)| format!("{place}: {message} ({help})"))
        .collect();
    assert_eq!(
        lines,
        [
            "portal: unknown key `portal` at the top level (did you mean `portals`)",
            "\"socrta\": unknown kind of portal `socrta` (did you mean `socrata`)",
            "token_env: unknown key `token_env` in `portals.a` (did you mean `token-env`)",
            "\"data.b.gov\": `url` must begin with `https://` or `http://` (write `https://data.b.gov`)",
            "police-calls: dataset name `police-calls` would need back-quotes in a query \
         (`police_calls` would do)",
            "order: dataset name `order` is a reserved word (`order_data` would do)",
            "\"nowhere/abcd-1234\": unknown portal `nowhere` (describe it under `[portals.nowhere]`)",
            "\"abcd-1234\": `fires` must be a portal and an identifier, found `abcd-1234` \
         (write it as `portal/identifier`, such as `stockton/esc4-8x43`)",
            "Calls: datasets `calls` and `Calls` have the same name \
         (upper and lower case are not told apart)",
            "5: `Calls` must be text, found a whole number ()",
            "\"warning\": unknown level `warning` (did you mean `warn`)",
        ]
    );
}

#[test]
fn a_portal_needs_a_kind_and_an_address() {
    assert_eq!(one("[portals.p]\nurl = 'https://a.gov'").0, "portal `p` has no `kind`");
    assert_eq!(one(&with("")).0, "portal `p` has no `url`");
    assert_eq!(one("portals.p = 5").0, "`portals.p` must be a table, found a whole number");
    assert_eq!(one("portals = []").0, "`portals` must be a table, found a list");
    assert_eq!(one("[portals.'a b']\nurl = 'https://a.gov'\nkind = 'ckan'").1, "'a b'");
}

#[test]
fn addresses_are_plain() {
    for (url, message, help) in [
        ("ftp://a.gov", "`url` must begin with `https://` or `http://`", ""),
        ("https://", "`url` is not a web address: empty host", ""),
        (
            "https://a.gov/?x=1",
            "`url` has more behind the path",
            "leave out what follows `?` or `#`",
        ),
        (
            "https://a.gov/browse",
            "`url` of a portal of kind `socrata` has a path",
            "write `https://a.gov`",
        ),
    ] {
        let (found, place, shown) = one(&with(&format!("url = '{url}'")));
        assert_eq!((&*found, &*place, &*shown), (message, &*format!("'{url}'"), help));
    }
    let (message, _, help) = one(&with("url = 'https://me:secret@a.gov'"));
    assert_eq!(message, "`url` holds a user name or a password");
    assert!(!help.contains("secret"));
    assert_eq!(
        one("[portals.p]\nkind = 'local'\nurl = 'https://a.gov'").0,
        "`url` of a local portal must be a folder"
    );
}

#[test]
fn keys_fit_the_kind() {
    assert_eq!(
        one("[portals.p]\nkind = 'local'\nurl = 'data'\ntoken-env = 'X'").0,
        "`token-env` means nothing for a portal of kind `local`"
    );
    assert_eq!(
        one("[portals.p]\nkind = 'ckan'\nurl = 'https://a.gov'\napi = 'soda2'").0,
        "`api` means nothing for a portal of kind `ckan`"
    );
    assert_eq!(one(&with("url = 'https://a.gov'\napi = 'soda4'")).0, "unknown interface `soda4`");
}

#[test]
fn a_token_is_not_accepted_and_not_repeated() {
    for token in ["bJp8KrRvAPtuf809u1UXnI0Z8", "abc def", "", "8x"] {
        let (message, _, help) =
            one(&with(&format!("url = 'https://a.gov'\ntoken-env = '{token}'")));
        assert_eq!(message, "`token-env` must be the name of an environment variable");
        assert!(token.is_empty() || !help.contains(token));
    }
}

#[test]
fn a_host_belongs_to_one_portal() {
    let two = |a: &str, b: &str| {
        format!("[portals.a]\nkind = 'socrata'\n{a}\n[portals.b]\nkind = 'socrata'\n{b}\n")
    };
    let text = two("url = 'https://a.gov'", "url = 'https://b.gov'\naliases = ['A.gov']");
    let (message, place, _) = one(&text);
    assert_eq!(message, "alias `a.gov` already belongs to portal `a`");
    assert_eq!(place, "'A.gov'");
    let text = two("url = 'https://a.gov'", "url = 'https://a.gov/'");
    assert_eq!(one(&text).0, "portals `a` and `b` are the same place");
    let text =
        two("url = 'https://a.gov'\naliases = ['x.gov', 'https://y.gov']", "url = 'https://x.gov'");
    let messages: Vec<String> = faults(&text).into_iter().map(|fault| fault.0).collect();
    assert_eq!(
        messages,
        ["alias `https://y.gov` is not a host", "portals `a` and `b` are the same place"]
    );
    let text =
        two("url = 'https://a.gov'", "url = 'https://b.gov'").replace("[portals.b]", "[portals.A]");
    assert_eq!(one(&text).0, "portals `a` and `A` have the same name");
}

#[test]
fn a_host_in_place_of_a_portal_is_answered_with_the_portal() {
    let text = format!("{}\n[datasets]\nx = 'a.gov/abcd-1234'", with("url = 'https://a.gov'"));
    let (message, _, help) = one(&text);
    assert_eq!((&*message, &*help), ("unknown portal `a.gov`", "write `p/abcd-1234`"));
}

#[test]
fn faults_of_form_are_reported_alone() {
    let text = "[portals.p]\nurl = 1\nkind = tru\n[lint";
    let messages: Vec<String> = faults(text).into_iter().map(|fault| fault.0).collect();
    assert_eq!(messages, ["invalid boolean, expected `true`", "unclosed table, expected `]`"]);
}

#[test]
fn names_of_datasets_are_bare_names_of_the_language() {
    for good in ["police_calls", "x", "Größe", "range", "_2019", "calls2019"] {
        assert!(is_dataset_name(good), "{good}");
    }
    for bad in
        ["", "2019", "a b", "a-b", "a.b", "select", "ORDER", "a$b", "$a", ":id", "@a", "`a`", "a\n"]
    {
        assert!(!is_dataset_name(bad), "{bad}");
        let text = format!("[portals.p]\nurl = 'd'\nkind = 'local'\n[datasets]\n{bad:?} = 'p/x'");
        let (message, _, help) = one(&text);
        assert!(message.contains("dataset"), "{message}");
        assert!(!help.is_empty());
    }
}

#[test]
fn any_cut_of_a_file_is_read_without_a_crash() {
    for end in (0..GOOD.len()).filter(|&end| GOOD.is_char_boundary(end)) {
        faults(&GOOD[..end]);
        faults(&GOOD[end..]);
    }
}

use super::*;
use crate::schema::Column;
use crate::schema::manifest::parse;
use crate::types::Type;

const MANIFEST: &str = r#"
[portals.stockton]
url = "https://data.stocktonca.gov"
kind = "socrata"
aliases = ["opda.stocktonca.gov"]

[portals.planning]
url = "https://services3.arcgis.com/waC30/arcgis/rest/services"
kind = "arcgis"

[portals.county]
url = "https://services3.arcgis.com/Xy7/arcgis/rest/services"
kind = "arcgis"

[portals.paris]
url = "https://opendata.paris.fr"
kind = "opendatasoft"

[portals.samples]
url = "data"
kind = "local"

[datasets]
police_calls = "stockton/esc4-8x43"
permits = "stockton/perm-2222"
zoning = "planning/Zoning/FeatureServer/0"
trees = "samples/trees"
"#;

const ZONING: &str = "waC30/arcgis/rest/services/Zoning/FeatureServer/0";

fn dataset(host: &str, id: &str, title: &str) -> Dataset {
    Dataset::new(host, id, title, vec![Column::new("a", Type::Text)])
}

fn catalog() -> Catalog {
    let manifest = parse(MANIFEST).unwrap();
    let lock = Lock::of([
        dataset("opda.stocktonca.gov", "esc4-8x43", "Stockton Police Calls for Service"),
        Dataset {
            resource_name: "fire-incidents".to_owned(),
            ..dataset("data.stocktonca.gov", "fire-1111", "Fire Department Incidents")
        },
        dataset("services3.arcgis.com", ZONING, "Zoning Districts"),
        dataset("opendata.paris.fr", "les-arbres", "Les arbres"),
        dataset("opendata.paris.fr", "les_arbres", "Les arbres (2)"),
        dataset("samples", "trees", "Trees"),
        dataset("other.gov", "fire-1111", "Fires elsewhere"),
        dataset("localhost:8080", "loca-1234", "Local"),
    ]);
    Catalog::new(Some(&manifest), lock)
}

/// What a lookup gave, in few words.
fn shown(catalog: &Catalog, reference: Reference<'_>) -> String {
    match catalog.lookup(reference) {
        Lookup::Found(dataset) => format!("{}/{}", dataset.host, dataset.id),
        Lookup::NotLocked { host, id } => {
            format!("not locked: {}/{id}", host.as_deref().unwrap_or("?"))
        }
        Lookup::Ambiguous(several) => format!("ambiguous: {}", several.join(" ")),
        Lookup::Unknown { similar } => format!("unknown: {}", similar.join(" ")),
    }
}

#[test]
fn bare_names_are_those_of_the_manifest() {
    let catalog = catalog();
    for (name, expected) in [
        ("police_calls", "opda.stocktonca.gov/esc4-8x43"),
        ("POLICE_CALLS", "opda.stocktonca.gov/esc4-8x43"),
        ("permits", "not locked: data.stocktonca.gov/perm-2222"),
        ("trees", "samples/trees"),
        ("fire_incidents", "data.stocktonca.gov/fire-1111"),
        ("polcie_calls", "unknown: police_calls"),
        ("permit", "unknown: permits"),
        ("nothing_like_it", "unknown: "),
    ] {
        assert_eq!(shown(&catalog, Reference::Name(name)), expected, "{name}");
    }
}

#[test]
fn titles_lead_to_what_a_query_can_hold() {
    let catalog = catalog();
    for (name, expected) in [
        ("stockton_police_calls_for_service", "unknown: police_calls"),
        ("calls_for_service", "unknown: police_calls"),
        ("police_service", "unknown: police_calls"),
        ("zoning_districts", "unknown: zoning"),
        ("fire_department_incident", "unknown: 'stockton/fire-1111'"),
        ("fires_elsewhere", "unknown: 'other.gov/fire-1111'"),
        ("local", "unknown: @loca-1234"),
    ] {
        assert_eq!(shown(&catalog, Reference::Name(name)), expected, "{name}");
    }
}

#[test]
fn identifiers_are_found_on_any_host() {
    let catalog = catalog();
    for (id, expected) in [
        ("@esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("ESC4-8X43", "opda.stocktonca.gov/esc4-8x43"),
        ("fire-1111", "ambiguous: 'stockton/fire-1111' 'other.gov/fire-1111'"),
        ("fire-incidents", "data.stocktonca.gov/fire-1111"),
        ("police_calls", "opda.stocktonca.gov/esc4-8x43"),
        ("perm-2222", "not locked: data.stocktonca.gov/perm-2222"),
        ("zzzz-9999", "not locked: data.stocktonca.gov/zzzz-9999"),
        ("polic_calls", "unknown: police_calls"),
    ] {
        assert_eq!(shown(&catalog, Reference::Id(id)), expected, "{id}");
    }
    let nowhere = Catalog::new(None, Lock::default());
    assert_eq!(shown(&nowhere, Reference::Id("esc4-8x43")), "not locked: ?/esc4-8x43");
    assert_eq!(shown(&nowhere, Reference::Id("calls")), "unknown: ");
}

#[test]
fn paths_name_the_portal_or_the_host() {
    let catalog = catalog();
    for (path, expected) in [
        ("stockton/police_calls", "opda.stocktonca.gov/esc4-8x43"),
        ("Stockton/esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("data.stocktonca.gov/esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("OPDA.stocktonca.gov/ESC4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("stockton/fire-1111", "data.stocktonca.gov/fire-1111"),
        ("stockton/fire-incidents", "data.stocktonca.gov/fire-1111"),
        ("other.gov/fire-1111", "other.gov/fire-1111"),
        ("localhost:8080/loca-1234", "localhost:8080/loca-1234"),
        ("localhost:8080/zzzz-9999", "not locked: localhost:8080/zzzz-9999"),
        ("stockton/permits", "not locked: data.stocktonca.gov/perm-2222"),
        ("opda.stocktonca.gov/zzzz-9999", "not locked: data.stocktonca.gov/zzzz-9999"),
        ("new.gov/zzzz-9999", "not locked: new.gov/zzzz-9999"),
        ("new.gov/d/zzzz-9999", "not locked: new.gov/zzzz-9999"),
        ("stockton/d/esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("stockton/police_cals", "unknown: police_calls"),
        ("stockton/trees", "unknown: "),
        ("stocton/esc4-8x43", "unknown: 'stockton/esc4-8x43'"),
        ("nowhere/esc4-8x43", "unknown: "),
        (
            "planning/Zoning/FeatureServer/0",
            "services3.arcgis.com/waC30/arcgis/rest/services/Zoning/FeatureServer/0",
        ),
        (
            "county/Zoning/FeatureServer/0",
            "not locked: services3.arcgis.com/Xy7/arcgis/rest/services/Zoning/FeatureServer/0",
        ),
        ("paris/les-arbres", "opendata.paris.fr/les-arbres"),
        ("paris/les_arbres", "opendata.paris.fr/les_arbres"),
        ("samples/trees", "samples/trees"),
        ("samples/tres", "not locked: samples/tres"),
        ("samples/rivers", "not locked: samples/rivers"),
        ("police_calls", "opda.stocktonca.gov/esc4-8x43"),
        ("esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        ("stockton/", "unknown: "),
        ("/", "unknown: "),
        ("", "unknown: "),
    ] {
        assert_eq!(shown(&catalog, Reference::Path(path)), expected, "{path}");
    }
}

#[test]
fn web_addresses_lead_to_their_dataset() {
    let catalog = catalog();
    for (address, expected) in [
        ("https://data.stocktonca.gov/d/esc4-8x43", "opda.stocktonca.gov/esc4-8x43"),
        (
            "HTTPS://DATA.stocktonca.gov/resource/esc4-8x43.json?$limit=5",
            "opda.stocktonca.gov/esc4-8x43",
        ),
        (
            "https://data.stocktonca.gov/Safer-Streets/Calls-for-Service/esc4-8x43/about_data",
            "opda.stocktonca.gov/esc4-8x43",
        ),
        (
            "https://opda.stocktonca.gov/api/v3/views/esc4-8x43/query.json",
            "opda.stocktonca.gov/esc4-8x43",
        ),
        (
            "https://data.stocktonca.gov/resource/fire-incidents.csv",
            "data.stocktonca.gov/fire-1111",
        ),
        (
            "https://opda.stocktonca.gov/api/views/ZZZZ-9999/rows.csv",
            "not locked: data.stocktonca.gov/zzzz-9999",
        ),
        ("http://localhost:8080/resource/loca-1234.json", "localhost:8080/loca-1234"),
        ("https://new.gov/d/zzzz-9999", "not locked: new.gov/zzzz-9999"),
        (
            "https://services3.arcgis.com/waC30/arcgis/rest/services/Zoning/FeatureServer/0/query?f=json",
            "services3.arcgis.com/waC30/arcgis/rest/services/Zoning/FeatureServer/0",
        ),
        (
            "https://services3.arcgis.com/waC30/arcgis/rest/services/Roads/MapServer/12/query",
            "not locked: services3.arcgis.com/waC30/arcgis/rest/services/Roads/MapServer/12",
        ),
        (
            "https://opendata.paris.fr/explore/dataset/les-arbres/information/",
            "opendata.paris.fr/les-arbres",
        ),
        (
            "https://opendata.paris.fr/api/explore/v2.1/catalog/datasets/velib/records",
            "not locked: opendata.paris.fr/velib",
        ),
        ("https://data.stocktonca.gov/browse", "unknown: "),
        ("https://", "unknown: "),
        ("https://é\u{0}/x", "unknown: "),
    ] {
        assert_eq!(shown(&catalog, Reference::Path(address)), expected, "{address}");
    }
}

#[test]
fn names_and_datasets_can_be_listed() {
    let catalog = catalog();
    let names: Vec<String> =
        catalog.names().map(|(name, dataset)| format!("{name}={}", dataset.id)).collect();
    assert_eq!(names, ["police_calls=esc4-8x43", "trees=trees", &format!("zoning={ZONING}")]);
    assert_eq!(catalog.datasets().count(), 8);
}

#[test]
fn a_host_has_a_portal() {
    let catalog = catalog();
    let name = |host: &str| catalog.portal_of(host).map(|portal| portal.name.clone());
    assert_eq!(name("OPDA.stocktonca.gov").as_deref(), Some("stockton"));
    assert_eq!(name("samples").as_deref(), Some("samples"));
    assert_eq!(name("nowhere.gov"), None);
    let on_county = dataset("services3.arcgis.com", "Xy7/arcgis/rest/services/A/MapServer/1", "");
    assert_eq!(catalog.portal_for(&on_county).map(|portal| &*portal.name), Some("county"));
}

#[test]
fn an_endless_name_is_answered_at_once() {
    let endless = "calls_".repeat(200_000);
    let catalog = catalog();
    for reference in [Reference::Name(&endless), Reference::Id(&endless), Reference::Path(&endless)]
    {
        assert_eq!(shown(&catalog, reference), "unknown: ");
    }
}

#[test]
fn a_catalog_of_names_needs_no_portals() {
    let catalog = Catalog::of(vec![("calls", dataset("a.gov", "abcd-1234", "Calls"))]);
    assert_eq!(shown(&catalog, Reference::Name("calls")), "a.gov/abcd-1234");
    assert_eq!(shown(&catalog, Reference::Path("a.gov/abcd-1234")), "a.gov/abcd-1234");
    assert_eq!(shown(&catalog, Reference::Name("cals")), "unknown: calls");
}

#[test]
fn of_several_with_one_identifier_the_named_one_counts_and_a_snapshot_does_not() {
    let manifest = |datasets: &str| {
        parse(&format!(
            "[portals.city]\nurl = 'https://city.gov'\nkind = 'socrata'\n\
             [portals.county]\nurl = 'https://county.gov'\nkind = 'socrata'\n\
             [portals.here]\nurl = 'data'\nkind = 'local'\n[datasets]\n{datasets}"
        ))
        .unwrap()
    };
    let local = Dataset { kind: PortalKind::Local, ..dataset("here", "aaaa-1111", "Trees") };
    let city = dataset("city.gov", "aaaa-1111", "Trees");
    let county = dataset("county.gov", "aaaa-1111", "Trees");
    let of = |datasets: &str, lock: &[&Dataset]| {
        let lock = Lock::of(lock.iter().copied().cloned());
        shown(&Catalog::new(Some(&manifest(datasets)), lock), Reference::Id("aaaa-1111"))
    };
    assert_eq!(of("", &[&local, &city]), "city.gov/aaaa-1111");
    assert_eq!(of("trees = 'here/aaaa-1111'", &[&local, &city]), "here/aaaa-1111");
    assert_eq!(of("trees = 'county/aaaa-1111'", &[&local, &city, &county]), "county.gov/aaaa-1111");
    let all = of("", &[&local, &city, &county]);
    assert!(all.starts_with("ambiguous:"), "{all}");
}

//! The two row interfaces: `/resource/…` and `/api/v3/views/…`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tule_core::plan::DEFAULT_LIMIT;
use tule_core::schema::Column;
use url::form_urlencoded;

use super::accept::{is_fresh, split};
use super::answer::{Order, answer};
use super::app::App;
use super::errors::Refusal;
use super::form::{Api, Form};
use super::query::{self, Statement};
use crate::LocalDataset;

/// `GET /resource/ID.json`
pub(super) async fn resource(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = || {
        let (id, form) = split(&file, &headers)?;
        let dataset = app.dataset(id).ok_or_else(|| Refusal::no_dataset(id))?;
        let params = params(raw.as_deref());
        let statement = query::two(&params, &app.catalog, &dataset.schema)?;
        Ok(Asked {
            dataset,
            form,
            api: Api::Two,
            statement,
            params,
            single: None,
            all: false,
            labels: None,
        })
    };
    respond(&app, asked(), raw.as_deref().unwrap_or_default(), &headers).await
}

/// `GET /resource/ID/ROW.json`
pub(super) async fn row(
    State(app): State<Arc<App>>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    // A row's own key may have dots; an ending that is no form belongs to it.
    let (key, form) = split(&file, &headers).unwrap_or((&file, Form::Json));
    let asked = || {
        let dataset = app.dataset(&id).ok_or_else(|| Refusal::no_dataset(&id))?;
        let column = row_identifier(dataset).filter(|_| !key.starts_with("row-"));
        let column = column.unwrap_or_else(|| ":id".to_owned());
        let statement = query::one_row(&column, key, &app.catalog, &dataset.schema)?;
        let (params, single) = (Vec::new(), Some(key.to_owned()));
        Ok(Asked {
            dataset,
            form,
            api: Api::Two,
            statement,
            params,
            single,
            all: false,
            labels: None,
        })
    };
    respond(&app, asked(), "", &headers).await
}

/// The column by which the publisher tells rows apart, where the description names one.
fn row_identifier(dataset: &LocalDataset) -> Option<String> {
    let view = dataset.view.as_ref()?;
    let id = view.get("rowIdentifierColumnId").filter(|id| !id.is_null())?;
    let columns = view.get("columns")?.as_array()?;
    let column = columns.iter().find(|column| column.get("id") == Some(id))?;
    column.get("fieldName")?.as_str().map(str::to_owned)
}

/// `GET` and `POST /api/v3/views/ID/query.json`, and `…/export.csv`
pub(super) async fn view(
    State(app): State<Arc<App>>,
    Path((id, file)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = || {
        let (kind, form) = split(&file, &headers)?;
        if !matches!(kind, "query" | "export") {
            return Err(no_path(&format!("/api/v3/views/{id}/{file}")));
        }
        let dataset = app.dataset(&id).ok_or_else(|| Refusal::no_dataset(&id))?;
        let options =
            if method == Method::POST { from_body(&body)? } else { from_address(raw.as_deref())? };
        let all = kind == "export";
        let statement = query::three(&options, all, &app.catalog, &dataset.schema)?;
        let params = Vec::new();
        Ok(Asked {
            dataset,
            form,
            api: Api::Three,
            statement,
            params,
            single: None,
            all,
            labels: None,
        })
    };
    let mut key = raw.clone().unwrap_or_default();
    key.push_str(&String::from_utf8_lossy(&body));
    respond(&app, asked(), &key, &headers).await
}

/// `GET /api/views/ID/rows.csv` and `rows.tsv`: the whole table as it is downloaded by people. Its
/// parameters (`accessType=DOWNLOAD`) change nothing here.
pub(super) async fn download(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Response {
    let asked = || {
        let dataset = app.dataset(&id).ok_or_else(|| Refusal::no_view(&id))?;
        let ending = uri.path().rsplit('.').next();
        let form = ending.and_then(Form::of).unwrap_or(Form::Csv);
        let statement = query::two(&[], &app.catalog, &dataset.schema)?;
        let own = dataset.schema.columns.iter().filter(|column| !column.name.starts_with(':'));
        let label = |column: &Column| {
            if column.label.is_empty() { column.name.clone() } else { column.label.clone() }
        };
        let labels = Some(own.map(label).collect());
        let params = Vec::new();
        Ok(Asked {
            dataset,
            form,
            api: Api::Two,
            statement,
            params,
            single: None,
            all: true,
            labels,
        })
    };
    respond(&app, asked(), uri.path(), &headers).await
}

/// Nothing is at this path.
pub(super) fn no_path(path: &str) -> Refusal {
    Refusal::inner(StatusCode::NOT_FOUND, "not-found", "Not found", json!({ "path": path }))
}

/// Parameters of an address, decoded, in order.
pub(super) fn params(raw: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(raw.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn from_body(body: &[u8]) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| {
        let data = json!({ "row": error.line(), "column": error.column() });
        let status = StatusCode::BAD_REQUEST;
        Refusal::inner(status, "req.body.malformed-json", "Malformed JSON in the body", data)
    })
}

/// The options of a request without a body, as its body would say them.
fn from_address(raw: Option<&str>) -> Result<Value, Refusal> {
    let mut options = Map::new();
    let mut page = Map::new();
    for (name, value) in params(raw) {
        let boolean = || Value::Bool(value == "true");
        let number = || value.trim().parse::<u64>().map(Value::from);
        match name.as_str() {
            "pageNumber" | "pageSize" => {
                let number = number().map_err(|_| Refusal::bad_parameter(&name, &value))?;
                page.insert(name, number);
            }
            "includeSystem" | "includeSynthetic" => {
                let value = boolean();
                options.insert(name, value);
            }
            "timeout" => {
                let number = number().map_err(|_| Refusal::bad_parameter(&name, &value))?;
                options.insert(name, number);
            }
            _ => {
                options.insert(name, Value::String(value));
            }
        }
    }
    if !page.is_empty() {
        options.insert("page".to_owned(), Value::Object(page));
    }
    Ok(Value::Object(options))
}

/// A request that is understood.
struct Asked<'a> {
    dataset: &'a LocalDataset,
    form: Form,
    api: Api,
    statement: Statement,
    params: Vec<(String, String)>,
    single: Option<String>,
    /// Every row, whatever the interface's own limit.
    all: bool,
    /// What the columns are called in a download for people.
    labels: Option<Vec<String>>,
}

async fn respond(
    app: &App,
    asked: Result<Asked<'_>, Refusal>,
    key: &str,
    headers: &HeaderMap,
) -> Response {
    let asked = match asked {
        Ok(asked) => asked,
        Err(refusal) => return refusal.into_response(),
    };
    let param = |name: &str| {
        let found = asked.params.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let callback = param("$jsonp");
    if let Some(bad) = callback.as_ref().filter(|name| !is_function(name)) {
        return Refusal::bad_parameter("$jsonp", bad).into_response();
    }
    let modified = last_modified(app, &asked);
    let tag = tag(&asked, key, modified, headers);
    let known = known_headers(&tag, modified, asked.api);
    if is_fresh(headers, &tag, modified) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    if let Some(wanted) = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok())
        && !wanted.split(',').any(|wanted| wanted.trim() == "*" || wanted.trim() == tag)
    {
        let status = StatusCode::PRECONDITION_FAILED;
        return Refusal::inner(status, "precondition-failed", "Precondition failed", json!({}))
            .into_response();
    }
    let order = Order {
        dataset: asked.dataset.schema.id.clone(),
        api: asked.api,
        form: asked.form,
        default_limit: (!asked.all).then_some(DEFAULT_LIMIT),
        has_bom: param("$$bom").is_some_and(|value| value == "true"),
        callback: callback.filter(|_| asked.form == Form::Json),
        single: asked.single,
        labels: asked.labels,
        headers: known,
        statement: asked.statement,
    };
    answer(app.portal.clone(), order).await
}

/// Whether a text can be the name of a function in a script.
fn is_function(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.'))
}

/// When the data behind the answer last changed, in seconds since 1970.
fn last_modified(app: &App, asked: &Asked<'_>) -> i64 {
    let others = asked.statement.named().filter_map(|id| app.portal.dataset(id));
    let all = std::iter::once(asked.dataset).chain(others);
    all.map(|dataset| dataset.modified.as_second()).max().unwrap_or(0)
}

/// A tag for the answer: of the query, the form and the data. Strong in the older interface, weak
/// in the newer, and of its own for each encoding.
fn tag(asked: &Asked<'_>, key: &str, modified: i64, headers: &HeaderMap) -> String {
    let mut hasher = DefaultHasher::new();
    (key, asked.statement.text(), &asked.dataset.schema.id, modified).hash(&mut hasher);
    format!("{:?}", asked.form).hash(&mut hasher);
    let hash = hasher.finish();
    let is_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    match asked.api {
        Api::Two if is_gzip => format!("\"{hash:016x}--gzip--gzip\""),
        Api::Two => format!("\"{hash:016x}\""),
        Api::Three => format!("W/\"{hash:016x}\""),
    }
}

fn known_headers(tag: &str, modified: i64, api: Api) -> HeaderMap {
    let seconds = u64::try_from(modified).unwrap_or(0);
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::ETAG, tag);
    set(header::LAST_MODIFIED, &date);
    let custom = HeaderName::from_static;
    match api {
        Api::Two => {
            set(custom("x-soda2-data-out-of-date"), "false");
            set(custom("x-soda2-truth-last-modified"), &date);
            set(custom("x-soda2-secondary-last-modified"), &date);
        }
        Api::Three => {
            set(custom("x-soda2-data-out-of-date"), "[]");
            set(custom("x-soda2-secondary"), "local");
            set(custom("x-soda2-cached"), "false");
        }
    }
    headers
}

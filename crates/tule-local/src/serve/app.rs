//! Which address is answered by what.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tule_core::schema::catalog::Catalog;
use tule_core::schema::lock::Lock;

use super::errors::Refusal;
use super::{ServeOptions, catalogue, fault, guard, metadata, rows};
use crate::{LocalDataset, LocalPortal};

/// What every request needs.
pub(super) struct App {
    pub(super) portal: LocalPortal,
    /// The portal's datasets as queries can name them.
    pub(super) catalog: Catalog,
}

impl App {
    fn new(portal: LocalPortal) -> Self {
        let schemas = portal.datasets().iter().map(|dataset| (*dataset.schema).clone());
        let catalog = Catalog::new(None, Lock::of(schemas));
        Self { portal, catalog }
    }

    /// The dataset of an address: by identifier, or by the name that its publisher gave it.
    pub(super) fn dataset(&self, id: &str) -> Option<&LocalDataset> {
        let named = |dataset: &&LocalDataset| {
            !id.is_empty() && dataset.schema.resource_name.eq_ignore_ascii_case(id)
        };
        let same = |dataset: &&LocalDataset| dataset.schema.id.eq_ignore_ascii_case(id);
        let all = || self.portal.datasets().iter();
        self.portal.dataset(id).or_else(|| all().find(same)).or_else(|| all().find(named))
    }
}

/// The whole server.
pub(super) fn router(portal: LocalPortal, options: ServeOptions) -> Router {
    let app = Arc::new(App::new(portal));
    let faults = Arc::new(fault::Faults::new(options.faults.clone()));
    let guard = Arc::new(guard::Guard::new(options));
    Router::new()
        .route("/", get(welcome))
        .route("/resource/{file}", get(rows::resource))
        .route("/resource/{id}/{file}", get(rows::row))
        .route("/api/id/{file}", get(rows::resource))
        .route("/api/v3/views/{id}/{file}", get(rows::view).merge(post(rows::view)))
        .route("/api/views/{file}", get(metadata::view))
        .route("/api/views/{id}/{file}", get(metadata::columns))
        .route("/api/views/{id}/rows.csv", get(rows::download))
        .route("/api/views/{id}/rows.tsv", get(rows::download))
        .route("/api/views/metadata/v1", get(metadata::assets))
        .route("/api/views/metadata/v1/{file}", get(metadata::asset))
        .route("/api/catalog/v1", get(catalogue::search))
        .fallback(nothing)
        .method_not_allowed_fallback(not_allowed)
        .with_state(app)
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn_with_state(faults, fault::inject))
        .layer(CompressionLayer::new())
        .layer(cross_origin())
        .layer(from_fn(head))
}

/// Scripts of any page may read, and may send a token.
fn cross_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::HEAD])
        .allow_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            HeaderName::from_static("x-app-token"),
        ])
        .expose_headers(Any)
}

/// What the portal's own gateway adds to every answer.
async fn head(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let region = axum::http::HeaderValue::from_static("local");
    response.headers_mut().insert(HeaderName::from_static("x-socrata-region"), region);
    response
}

/// A page for somebody who opens the address in a browser.
async fn welcome(State(app): State<Arc<App>>) -> String {
    let mut text = format!("{}: a local portal served by tule\n\n", app.portal.name());
    for dataset in app.portal.datasets() {
        let schema = &dataset.schema;
        let _ = writeln!(text, "/resource/{}.json  {}", schema.id, schema.title);
    }
    text.push_str("\n/api/catalog/v1, /api/views/ID.json, /api/v3/views/ID/query.json\n");
    text
}

async fn nothing(OriginalUri(uri): OriginalUri) -> Response {
    rows::no_path(uri.path()).into_response()
}

async fn not_allowed(method: Method) -> Response {
    Refusal::inner(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Method not allowed",
        json!({ "method": method.as_str(), "allowed": ["GET"] }),
    )
    .into_response()
}

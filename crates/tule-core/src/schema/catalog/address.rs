//! Identifiers in web addresses.

use crate::schema::manifest::PortalKind;

/// Whether `text` has the form of a Socrata identifier: `esc4-8x43`.
pub(super) fn looks_like_id(text: &str) -> bool {
    text.len() == 9
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 => byte == b'-',
            _ => byte.is_ascii_alphanumeric(),
        })
}

/// Whether `text` can only be a host, not a portal's name.
pub(super) fn looks_like_host(text: &str) -> bool {
    text.contains(['.', ':']) || text == "localhost"
}

/// Whether an identifier stands in a path as whole segments; the last may have an extension.
pub(super) fn is_in_path(id: &str, path: &str) -> bool {
    if id.is_empty() {
        return false;
    }
    path.match_indices(id).any(|(start, _)| {
        let before = path.get(..start).unwrap_or("");
        let after = path.get(start + id.len()..).unwrap_or("");
        (before.is_empty() || before.ends_with('/'))
            && (after.is_empty() || after.starts_with(['/', '.']))
    })
}

/// The identifier in the path of a page or an interface of a dataset.
pub(super) fn id_in_path(kind: PortalKind, path: &str) -> Option<String> {
    let mut segments = path.split('/');
    let behind = |markers: &[&str]| {
        path.split('/')
            .zip(path.split('/').skip(1))
            .find(|(marker, _)| markers.contains(marker))
            .map(|(_, id)| id.to_owned())
            .filter(|id| !id.is_empty())
    };
    match kind {
        PortalKind::Socrata => path
            .split('/')
            .map(|segment| segment.split('.').next().unwrap_or(segment))
            .rfind(|segment| looks_like_id(segment))
            .map(str::to_ascii_lowercase),
        PortalKind::Opendatasoft => behind(&["dataset", "datasets"]),
        PortalKind::Ckan => behind(&["resource"]).or_else(|| behind(&["dataset"])),
        PortalKind::Arcgis => {
            // A layer is a number behind the service; what follows is a request to it.
            let service = segments.position(|name| name.ends_with("Server"))?;
            let layer = segments.next().filter(|layer| layer.bytes().all(|b| b.is_ascii_digit()));
            let length = service + 1 + usize::from(layer.is_some());
            Some(path.split('/').take(length).collect::<Vec<_>>().join("/"))
        }
        PortalKind::Local => None,
    }
}

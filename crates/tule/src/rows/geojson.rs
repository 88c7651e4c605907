//! A GeoJSON feature collection (RFC 7946): a feature a row, its geometry from the one column that
//! holds geometries, everything else as properties.

use std::io;

use serde::Serialize;
use tule_core::check::OutputColumn;
use tule_core::names::{alternatives, fold};
use tule_core::rows::Value;

use super::json::{Object, write};
use super::{Form, is_geometry};

pub(super) struct Features<'c> {
    columns: &'c [OutputColumn],
    geometry: usize,
    is_first: bool,
}

#[derive(Serialize)]
struct Feature<'r, P> {
    r#type: &'static str,
    geometry: Option<&'r serde_json::Value>,
    properties: P,
}

impl<'c> Features<'c> {
    pub(super) fn new(
        columns: &'c [OutputColumn],
        wanted: Option<&str>,
    ) -> Result<Self, (String, String)> {
        let found: Vec<(usize, &str)> = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| is_geometry(column))
            .filter(|(_, column)| wanted.is_none_or(|name| fold(name) == fold(&column.name)))
            .map(|(at, column)| (at, &*column.name))
            .collect();
        match (found.as_slice(), wanted) {
            ([(geometry, _)], _) => Ok(Self { columns, geometry: *geometry, is_first: true }),
            ([], Some(name)) => Err((
                format!("no geometry column `{name}` in the result"),
                "`--geometry` takes a column of the type point, line, polygon or several of these"
                    .to_owned(),
            )),
            ([], None) => Err((
                "no column of the result is a geometry, which GeoJSON needs".to_owned(),
                "select one, or make one with `make_point(latitude, longitude)`".to_owned(),
            )),
            (several, _) => {
                let names: Vec<&str> = several.iter().map(|(_, name)| *name).collect();
                Err((
                    "several columns of the result are geometries, and a feature has one"
                        .to_owned(),
                    format!("choose with `--geometry`: {}", alternatives(&names)),
                ))
            }
        }
    }
}

impl Form for Features<'_> {
    fn resume(&mut self) {
        self.is_first = false;
    }

    fn head(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
        Ok(())
    }

    fn row(&mut self, row: &[Value], out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
        self.is_first = false;
        let geometry = match row.get(self.geometry) {
            Some(Value::Json(geometry)) => Some(geometry),
            _ => None,
        };
        let members = self.columns.iter().zip(row).enumerate();
        let members = members.filter(|(at, _)| *at != self.geometry).map(|(_, member)| member);
        write(&Feature { r#type: "Feature", geometry, properties: Object { members } }, out)
    }

    fn foot(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(if self.is_first { b"]}\n" } else { b"\n]}\n" });
        Ok(())
    }
}

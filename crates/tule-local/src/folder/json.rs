//! Files of JSON objects: a list, one in each line, or features.

use std::fmt;
use std::io::BufRead;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;
use serde_json::value::RawValue;

use super::notes::{Notes, Oddity};
use super::read::{Cell, ReadError, Sink};

/// The name of the column that holds a feature's geometry.
pub(super) const GEOMETRY: &str = "geometry";

/// A list of objects.
pub(super) fn list(
    input: Box<dyn BufRead>,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    stream(input, notes, sink, Place::List)
}

/// A `FeatureCollection`; members around its features do not count.
pub(super) fn features(
    input: Box<dyn BufRead>,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    stream(input, notes, sink, Place::Collection)
}

/// An object in each line; empty lines do not count.
pub(super) fn lines(
    mut input: Box<dyn BufRead>,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let mut text = String::new();
    let mut line = 0;
    loop {
        text.clear();
        if input.read_line(&mut text)? == 0 {
            return Ok(());
        }
        line += 1;
        if text.trim().is_empty() {
            continue;
        }
        let value: Box<RawValue> = serde_json::from_str(&text)
            .map_err(|error| ReadError::Form(format!("line {line} is not JSON: {error}")))?;
        record(Place::List, &value, line, notes, sink)?;
    }
}

/// Where the records stand in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    List,
    Collection,
}

/// An object's members in the order of the file; numbers keep all their digits.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Object, A::Error> {
                let mut object = Vec::with_capacity(members.size_hint().unwrap_or(16));
                while let Some(member) = members.next_entry()? {
                    object.push(member);
                }
                Ok(Object(object))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Object {
    /// The object that `raw` holds, if it is one.
    fn read(raw: &RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    fn cells(&self) -> impl Iterator<Item = (&str, Cell<'_>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), cell(value)))
    }
}

fn cell(raw: &RawValue) -> Cell<'_> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'-') => Cell::Number(text),
        _ => match serde_json::from_str(text) {
            Ok(Value::Null) | Err(_) => Cell::Empty,
            Ok(Value::String(text)) => Cell::Text(text.into()),
            Ok(value) => Cell::Json(value),
        },
    }
}

fn record(
    place: Place,
    raw: &RawValue,
    line: u64,
    notes: &mut Notes,
    sink: &mut dyn Sink,
) -> Result<(), ReadError> {
    let object = Object::read(raw);
    if place == Place::List {
        let Some(object) = object else {
            notes.line(Oddity::NotAnObject, line, || {
                "a member that is not an object; it is left out".to_owned()
            });
            return Ok(());
        };
        return sink.members(line, &object.cells().collect::<Vec<_>>());
    }
    let Some((object, geometry)) = object.as_ref().and_then(|o| Some((o, o.get(GEOMETRY)?))) else {
        notes.line(Oddity::NotAnObject, line, || {
            "a member that is not a feature; it is left out".to_owned()
        });
        return Ok(());
    };
    let properties = object.get("properties").and_then(Object::read);
    // A property of the same name would hide the geometry.
    let members: Vec<(&str, Cell<'_>)> = properties
        .iter()
        .flat_map(Object::cells)
        .filter(|(name, _)| *name != GEOMETRY)
        .chain([(GEOMETRY, cell(geometry))])
        .collect();
    sink.members(line, &members)
}

struct Stream<'s> {
    place: Place,
    notes: &'s mut Notes,
    sink: &'s mut dyn Sink,
    /// Why the sink stopped: serde's own errors carry text only.
    stopped: Option<ReadError>,
    record: u64,
    found: bool,
}

fn stream(
    input: Box<dyn BufRead>,
    notes: &mut Notes,
    sink: &mut dyn Sink,
    place: Place,
) -> Result<(), ReadError> {
    let mut state = Stream { place, notes, sink, stopped: None, record: 0, found: false };
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let read = Document(&mut state).deserialize(&mut deserializer);
    let read = read.and_then(|()| deserializer.end());
    if let Some(stopped) = state.stopped.take() {
        return Err(stopped);
    }
    match read {
        Err(error) if error.is_io() => Err(ReadError::Io(error.into())),
        Err(error) => Err(ReadError::Form(format!("not the JSON expected: {error}"))),
        Ok(()) if !state.found => {
            Err(ReadError::Form("expected a `FeatureCollection` with `features`".to_owned()))
        }
        Ok(()) => Ok(()),
    }
}

/// The whole document.
struct Document<'a, 's>(&'a mut Stream<'s>);

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.place {
            Place::List => "a list of objects",
            Place::Collection => "a `FeatureCollection`",
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        if self.0.place == Place::Collection {
            return Err(A::Error::custom("expected a `FeatureCollection`, found a list"));
        }
        Members(self.0).visit_seq(members)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if name == "features" {
                // What has features is a collection, whatever its name ends in.
                self.0.place = Place::Collection;
                members.next_value_seed(Members(self.0))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        if !self.0.found && self.0.place == Place::List {
            return Err(A::Error::custom("expected a list of objects, found an object"));
        }
        Ok(())
    }
}

/// The list of records.
struct Members<'a, 's>(&'a mut Stream<'s>);

impl<'de> DeserializeSeed<'de> for Members<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Members<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.found = true;
        while let Some(value) = members.next_element::<Box<RawValue>>()? {
            self.0.record += 1;
            let Stream { place, notes, sink, record: line, .. } = &mut *self.0;
            if let Err(error) = record(*place, &value, *line, notes, *sink) {
                self.0.stopped = Some(error);
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

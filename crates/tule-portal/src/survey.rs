//! What metadata leave out about a dataset: how many rows it has, and from when to when.
//!
//! Portals count columns when they feel like it; a dataset that was just published has no counts.
//! One small query answers both. Known values of columns are deliberately absent: they would take
//! a query for each column.

use tule_core::check::OutputColumn;
use tule_core::lower::{Method, Paging, Request, Strategy};
use tule_core::print;
use tule_core::schema::lock::coarse;
use tule_core::schema::{Dataset, DateRange};
use tule_core::target::Target;
use tule_core::types::{Type, TypeSet};

use crate::client::{Client, PortalAddress};
use crate::error::{Error, Fault};
use crate::exchange::place_of;
use crate::rows::call;

/// The types that date a row.
const DATES: TypeSet =
    TypeSet::of(&[Type::FloatingTimestamp, Type::FixedTimestamp, Type::Datestamp]);

impl Client {
    /// Fills in the number of rows and the range of the first column of dates, as far as the
    /// metadata do not tell them. What they tell stays.
    ///
    /// # Errors
    ///
    /// What keeps the portal from answering.
    pub async fn survey(&self, portal: &PortalAddress, dataset: &mut Dataset) -> Result<(), Error> {
        let own = || dataset.columns.iter().filter(|column| !column.is_system());
        if !dataset.is_table() || own().next().is_none() {
            return Ok(());
        }
        let dated = own().find(|column| column.ty.is_some_and(|ty| DATES.has(ty)));
        let dated = dated.filter(|_| dataset.range.is_none()).map(|column| column.name.clone());
        if dataset.rows.is_some() && dated.is_none() {
            return Ok(());
        }
        let request = request(portal, &dataset.id, dated.as_deref());
        let Some(document) = self.exchange.document(&call(&request)).await? else { return Ok(()) };
        let told: Vec<Told> = serde_json::from_str(&document.text).map_err(|_| {
            let reason = "the counts are no list of rows".to_owned();
            Error::new(Fault::Malformed { reason }, place_of(&request.endpoint))
        })?;
        let Some(told) = told.into_iter().next() else { return Ok(()) };
        let rows = told.n.and_then(|rows| rows.parse().ok());
        dataset.rows = dataset.rows.or(rows.map(coarse));
        if let (Some(column), Some(first), Some(last)) = (dated, told.first, told.last) {
            dataset.range = Some(DateRange { column, first, last });
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
struct Told {
    n: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

fn request(portal: &PortalAddress, id: &str, dated: Option<&str>) -> Request {
    let mut list = "count(*) as n".to_owned();
    if let Some(name) = dated {
        let name = print::column(name);
        list.extend([", min(", &name, ") as first, max(", &name, ") as last"]);
    }
    let column = |name: &str| OutputColumn { name: name.into(), ty: None };
    Request {
        target: Target::Soda2,
        method: Method::Get,
        host: portal.host(),
        dataset: id.to_owned(),
        endpoint: portal.join(&["resource", &format!("{id}.json")]),
        params: vec![("$select".to_owned(), list)],
        body: None,
        paging: Paging { strategy: Strategy::Single, page_size: Some(1), skip: 0 },
        columns: ["n", "first", "last"].map(column).to_vec(),
        maps: Vec::new(),
    }
}

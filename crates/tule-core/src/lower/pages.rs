//! Requests for parts of a result: one page, the rows behind a row, the number of rows.
//!
//! They are made from the request for all rows, here and not where they are sent, because only
//! this side knows how the text of a request was put together. Which page is wanted next, and
//! whether it fits to the one before, is deliberately absent.

use serde_json::json;
use tule_syntax::literal::quote_string;

use super::request::{Paging, Request, Strategy};
use crate::check::OutputColumn;
use crate::target::Target;
use crate::types::Type;

/// The row identifier of Socrata's datasets: unique, and cheap to order by.
const ID: &str = ":id";

/// What counts the rows of a query, as a step behind it.
const COUNT: &str = "count(*) as n";

/// The text behind a whole query that cuts a page out of it.
pub(super) fn window(size: u64, skip: u64) -> String {
    format!(" limit {size} offset {skip}")
}

impl Request {
    /// The request for at most `size` rows behind the first `skip`. For
    /// [`Strategy::PageNumber`], `skip` is a multiple of `size`. A request that is not paged stays
    /// as it is.
    #[must_use]
    pub fn page(&self, skip: u64, size: u64) -> Self {
        let mut page = self.clone();
        let offset = self.paging.skip.saturating_add(skip);
        match self.paging.strategy {
            Strategy::Single | Strategy::DefaultLimit => return page,
            Strategy::Offset => {
                let old = self.window();
                for (name, value) in &mut page.params {
                    match &**name {
                        "$limit" => *value = size.to_string(),
                        "$offset" => *value = offset.to_string(),
                        "$query" => {
                            let query = value.strip_suffix(&*old).unwrap_or(value);
                            *value = format!("{query}{}", window(size, offset));
                        }
                        _ => {}
                    }
                }
            }
            Strategy::PageNumber => {
                let number = skip.checked_div(size).unwrap_or(0).saturating_add(1);
                if let Some(body) = page.body.as_mut().and_then(|body| body.as_object_mut()) {
                    let text = json!({"pageNumber": number, "pageSize": size});
                    body.insert("page".to_owned(), text);
                }
            }
        }
        page.paging = Paging { page_size: Some(size), ..self.paging };
        page
    }

    /// The same request with the row identifier as its last column unless it is one already, if its
    /// rows are ordered by nothing else: then [`Request::page_after`] spares the portal to count
    /// through all rows in front of a page.
    #[must_use]
    pub fn by_id(&self) -> Option<Self> {
        let fits = self.target == Target::Soda2
            && self.paging.strategy == Strategy::Offset
            && self.paging.skip == 0
            && self.param("$order") == Some(ID);
        if !fits {
            return None;
        }
        let mut request = self.clone();
        let own = request.columns.iter().find(|column| column.name == ID);
        if let Some(column) = own {
            // Under this name may stand anything.
            return (column.ty == Some(Type::RowIdentifier)).then_some(request);
        }
        match request.params.iter_mut().find(|(name, _)| name == "$select") {
            Some((_, list)) => {
                list.push_str(", ");
                list.push_str(ID);
            }
            None => request.params.insert(0, ("$select".to_owned(), format!("*, {ID}"))),
        }
        let ty = Some(Type::RowIdentifier);
        request.columns.push(OutputColumn { name: ID.into(), ty });
        Some(request)
    }

    /// Of a request that [`Request::by_id`] gave, the one for at most `size` rows behind the row
    /// with this identifier.
    #[must_use]
    pub fn page_after(&self, id: &str, size: u64) -> Self {
        let mut page = self.page(0, size);
        let behind = format!("{ID} > {}", quote_string(id));
        match page.params.iter_mut().find(|(name, _)| name == "$where") {
            Some((_, condition)) => {
                *condition = format!("({condition}) and {behind}");
                for (name, map) in &mut page.maps {
                    if name == "$where" {
                        map.shift(1);
                    }
                }
            }
            None => page.params.push(("$where".to_owned(), behind)),
        }
        page
    }

    /// Whether the row identifier tells the rows of this request apart: they are ordered by it.
    #[must_use]
    pub fn is_identified(&self) -> bool {
        self.param("$order").is_some_and(|order| order.split(", ").any(|key| key == ID))
    }

    /// The request for the number of rows that this one gives when every page is fetched, the
    /// query's own OFFSET not counted in; `None` where that cannot be asked for simply.
    #[must_use]
    pub fn count(&self) -> Option<Self> {
        let mut count = self.clone();
        match self.paging.strategy {
            Strategy::Single | Strategy::DefaultLimit => return None,
            Strategy::PageNumber => {
                let body = count.body.as_mut()?.as_object_mut()?;
                body.shift_remove("page");
                let query = format!("{} |> select {COUNT}", body.get("query")?.as_str()?);
                body.insert("query".to_owned(), query.into());
            }
            Strategy::Offset => {
                if let Some((_, query)) = count.params.iter_mut().find(|(name, _)| name == "$query")
                {
                    let rows = query.strip_suffix(&*self.window())?;
                    *query = format!("{rows} |> select {COUNT}");
                } else {
                    // Only rows of the dataset itself are told apart by their identifier; groups
                    // and distinct values have keys of their own.
                    if !self.is_identified() {
                        return None;
                    }
                    count.params.retain(|(name, _)| matches!(&**name, "$where" | "$q"));
                    count.params.insert(0, ("$select".to_owned(), COUNT.to_owned()));
                }
            }
        }
        count.paging = Paging { strategy: Strategy::Single, page_size: Some(1), skip: 0 };
        count.columns = vec![OutputColumn { name: "n".into(), ty: Some(Type::Number) }];
        Some(count)
    }

    /// The decoded value of a parameter.
    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The text that cuts the page of this request out of a whole query.
    fn window(&self) -> String {
        window(self.paging.page_size.unwrap_or(0), self.paging.skip)
    }
}

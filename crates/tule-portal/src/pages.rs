//! Which page comes next, and whether pages fit together.
//!
//! A portal has no cursor, no total and no mark for "more": a page that is short is the last. So
//! everything that can be compared is: rows by their identifier where they have one, their number
//! with the portal's own count where it was asked. A short page is believed only if the count
//! agrees, or if it does not look like a limit of the portal.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};
use tule_core::lower::{Paging, Request, Strategy};

use crate::error::PageFault;

/// Portals that give fewer rows than were asked for give a round number of them.
const ROUND: u64 = 1_000;

/// One page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Page {
    /// Rows in front of it.
    skip: u64,
    /// Rows asked for.
    size: u64,
    /// The identifier of the row in front of it, if it is asked for by that.
    after: Option<Box<str>>,
    /// Rows of it that were handed on.
    pub(crate) rows: u64,
    /// A sum over the text of those rows.
    pub(crate) sum: u64,
}

impl Page {
    /// The request for this page.
    pub(crate) fn request(&self, all: &Request) -> Request {
        match &self.after {
            Some(id) => all.page_after(id, self.size),
            None => all.page(self.skip, self.size),
        }
    }
}

/// What comes behind a page.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Next {
    Page(Page),
    End,
}

/// All pages of a result.
#[derive(Debug)]
pub(crate) struct Pages {
    strategy: Strategy,
    size: u64,
    by_id: bool,
    /// The column with the row identifier.
    id_column: Option<usize>,
    received: u64,
    counted: Option<u64>,
    /// Whether the portal was asked to count and does not.
    uncounted: bool,
    last_id: Option<Box<str>>,
    /// Sums of the identifiers of this page and of the one before.
    ids: FxHashSet<u64>,
    ids_before: FxHashSet<u64>,
    sum_before: Option<u64>,
}

/// A sum over the rows so far and the text of one more.
pub(crate) fn add(sum: u64, row: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(sum);
    hasher.write(row);
    hasher.finish()
}

impl Pages {
    pub(crate) fn new(
        paging: &Paging,
        id_column: Option<usize>,
        by_id: bool,
        page_size: Option<u64>,
    ) -> Self {
        let paged = matches!(paging.strategy, Strategy::Offset | Strategy::PageNumber);
        let wanted = page_size.filter(|_| paged).or(paging.page_size);
        Self {
            strategy: paging.strategy,
            size: wanted.unwrap_or(u64::MAX).max(1),
            by_id,
            id_column,
            received: 0,
            counted: None,
            uncounted: false,
            last_id: None,
            ids: FxHashSet::default(),
            ids_before: FxHashSet::default(),
            sum_before: None,
        }
    }

    fn is_paged(&self) -> bool {
        matches!(self.strategy, Strategy::Offset | Strategy::PageNumber)
    }

    pub(crate) fn first(&self) -> Page {
        Page { skip: 0, size: self.size, after: None, rows: 0, sum: 0 }
    }

    /// The page behind all rows so far, by their number.
    pub(crate) fn here(&self) -> Page {
        Page { skip: self.received, ..self.first() }
    }

    /// The page behind rows that an earlier run had, and the last of them.
    pub(crate) fn behind_earlier(&mut self, rows: u64, last: Option<&str>) -> Page {
        self.received = rows;
        self.last_id = last.map(Into::into);
        let after = self.last_id.clone().filter(|_| self.by_id);
        Page { after, ..self.here() }
    }

    /// Forgets the rows of an earlier run.
    pub(crate) fn anew(&mut self) -> Page {
        (self.received, self.last_id) = (0, None);
        self.first()
    }

    /// The identifier of the last row.
    pub(crate) fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    /// Gives up asking for pages by identifier; whether that was done.
    pub(crate) fn by_rows(&mut self) -> bool {
        std::mem::take(&mut self.by_id)
    }

    /// Begins anew without a column of identifiers.
    pub(crate) fn without_ids(&mut self) -> Page {
        self.id_column = None;
        self.first()
    }

    pub(crate) fn id_column(&self) -> Option<usize> {
        self.id_column
    }

    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    pub(crate) fn expected(&self) -> Option<u64> {
        self.counted
    }

    /// What the portal counts; `None` if it does not.
    pub(crate) fn counted(&mut self, rows: Option<u64>) {
        self.counted = rows;
        self.uncounted = rows.is_none();
    }

    /// Takes note of a row that is handed on.
    pub(crate) fn row(
        &mut self,
        page: &mut Page,
        sum: u64,
        id: Option<Box<str>>,
    ) -> Result<(), PageFault> {
        // What a portal gives without a LIMIT is its own affair.
        if self.strategy != Strategy::DefaultLimit && page.rows >= page.size {
            return Err(PageFault::TooLong { asked: page.size });
        }
        if let Some(id) = id {
            let mark = add(0, id.as_bytes());
            if self.ids_before.contains(&mark) || !self.ids.insert(mark) {
                return Err(PageFault::Overlap);
            }
            self.last_id = Some(id);
        }
        page.rows += 1;
        page.sum = sum;
        self.received += 1;
        Ok(())
    }

    /// Whether only a count can tell if a page is the one before once more: rows without an
    /// identifier may well be alike.
    pub(crate) fn wants_count(&self, page: &Page) -> bool {
        let alike = self.sum_before == Some(page.sum) && page.rows > 0;
        alike && self.id_column.is_none() && self.counted.is_none() && !self.uncounted
    }

    /// What comes behind a page that is complete.
    pub(crate) fn behind(&mut self, page: &Page) -> Result<Next, PageFault> {
        if !self.is_paged() || page.rows == 0 {
            return Ok(Next::End);
        }
        let repeated = self.sum_before == Some(page.sum);
        if repeated && self.id_column.is_none() && self.counted.is_none() {
            return Err(PageFault::Repeated);
        }
        if let Some(counted) = self.counted.filter(|counted| self.received > *counted) {
            let received = self.received;
            return Err(PageFault::Count { counted, received, moved: false });
        }
        let short = page.rows < page.size;
        let last = match self.counted {
            Some(counted) => short && self.received == counted,
            None => short && !page.rows.is_multiple_of(ROUND),
        };
        if last {
            return Ok(Next::End);
        }
        if short && self.strategy == Strategy::PageNumber {
            // Pages are numbered by their size; behind a short one, no number is the next.
            return Err(PageFault::Short { asked: page.size, given: page.rows });
        }
        self.sum_before = Some(page.sum);
        self.ids_before = std::mem::take(&mut self.ids);
        let after = self.last_id.clone().filter(|_| self.by_id);
        Ok(Next::Page(Page { after, ..self.here() }))
    }
}

//! The rows of a request, page by page, complete or an error.
//!
//! Rows are handed on while a page is still arriving; of the whole, only one row, the identifiers
//! of two pages and some sums are held. A page that breaks off is asked for again, and the rows
//! that were handed on before must come again unchanged. Nothing but the end that a portal gives
//! is an end: every failure is an error, on the first page and on the last. How pages have to fit
//! together stands in [`crate::pages`]; writing rows somewhere is deliberately absent.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use tule_core::check::OutputColumn;
use tule_core::lower::{Request, Strategy};
use tule_core::rows::{Row, Value};

use crate::course::{End, Point, Progress};
use crate::decode::Decoder;
use crate::error::{Error, Fault, PageFault};
use crate::exchange::{Answer, Call, Exchange, Failure, Marks, place_of};
use crate::headers::Shape;
use crate::pace::Attempts;
use crate::pages::{Next, Page, Pages};
use crate::position::locate;
use crate::split::Splitter;

/// Most rows of a request, on portals that have such a ceiling.
const CEILINGS: [u64; 3] = [1_000, 10_000, 50_000];

/// The rows of a result on their way.
#[derive(Debug)]
pub struct Rows {
    exchange: Arc<Exchange>,
    /// As it was made from the query.
    request: Request,
    /// The same with the row identifier among its columns, while pages go by it.
    keyed: Option<Request>,
    /// Whether the identifier stands behind the columns that were asked for, and is taken off.
    is_added: bool,
    decoder: Arc<Decoder>,
    pages: Pages,
    state: State,
    attempts: Attempts,
    shape: Option<Shape>,
    /// Rows that are read and not handed on.
    ready: VecDeque<Row>,
    progress: Progress,
    end: Option<End>,
    /// Where to begin, and how many rows in front of that are left out because of it.
    from: Option<Point>,
    resumed: u64,
    /// Whether all answers so far are of one state of the rows.
    is_steady: bool,
    /// Where a later run could go on.
    point: Option<Point>,
}

#[derive(Debug)]
enum State {
    /// Nothing has been asked.
    Begin,
    /// A page is to be asked for.
    Ask(Page),
    /// A page is arriving.
    Open(Page, Box<Arriving>),
    /// All rows came.
    Done,
    /// An error was handed on.
    Failed,
}

#[derive(Debug)]
struct Arriving {
    answer: Answer,
    splitter: Splitter,
    /// Rows of this attempt.
    seen: u64,
    /// A sum over their text.
    sum: u64,
}

impl Rows {
    pub(crate) fn new(exchange: Arc<Exchange>, request: Request, from: Option<Point>) -> Self {
        let options = exchange.options.paging;
        let keyed = request.by_id().filter(|_| options.by_id);
        let decoder = Arc::new(Decoder::new(&keyed.as_ref().unwrap_or(&request).columns));
        let sent = keyed.as_ref().unwrap_or(&request);
        let id_column = sent.is_identified().then(|| decoder.position(":id")).flatten();
        let pages = Pages::new(&request.paging, id_column, keyed.is_some(), options.page_size);
        let attempts = Attempts::new(exchange.options.retry);
        let is_added =
            keyed.as_ref().is_some_and(|keyed| keyed.columns.len() > request.columns.len());
        Self {
            exchange,
            request,
            keyed,
            is_added,
            decoder,
            pages,
            state: State::Begin,
            attempts,
            shape: None,
            ready: VecDeque::new(),
            progress: Progress::default(),
            end: None,
            from,
            resumed: 0,
            is_steady: true,
            point: None,
        }
    }

    /// The columns of each row.
    #[must_use]
    pub fn columns(&self) -> &[OutputColumn] {
        &self.request.columns
    }

    /// How far the rows are.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// How many rows are left out because an earlier run had them; known behind the first row. It
    /// is none where the rows have changed since, and then all of them come.
    #[must_use]
    pub fn resumed(&self) -> u64 {
        self.resumed
    }

    /// The last place between two pages from which a later run could go on; `None` where the
    /// portal does not say when rows change, or where they changed meanwhile.
    #[must_use]
    pub fn point(&self) -> Option<&Point> {
        self.point.as_ref()
    }

    /// What is to be said of the result; `None` until every row came.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// The next row; `None` behind the last one, and only there.
    ///
    /// To stop, drop the future or the rows: nothing goes on in the background.
    ///
    /// # Errors
    ///
    /// Anything that keeps the result from being complete. Behind an error there are no rows, and
    /// asking again gives an error again.
    pub async fn next(&mut self) -> Result<Option<Row>, Error> {
        loop {
            if let Some(row) = self.ready() {
                return Ok(Some(row));
            }
            if !self.step().await? {
                return Ok(None);
            }
        }
    }

    /// A row that has arrived already.
    pub(crate) fn ready(&mut self) -> Option<Row> {
        self.ready.pop_front()
    }

    /// The rows that arrived since the last call, at least one; `None` behind the last one.
    ///
    /// # Errors
    ///
    /// As [`Rows::next`].
    pub async fn batch(&mut self) -> Result<Option<Vec<Row>>, Error> {
        while self.ready.is_empty() {
            if !self.step().await? {
                return Ok(None);
            }
        }
        Ok(Some(std::mem::take(&mut self.ready).into()))
    }

    /// Goes on until rows may be there; whether anything is left to come.
    async fn step(&mut self) -> Result<bool, Error> {
        let failed = match &mut self.state {
            State::Done => return Ok(false),
            State::Failed => {
                let reason = "an error came before".to_owned();
                return Err(self.error(Fault::Truncated { reason }));
            }
            State::Begin => self.begin().await,
            State::Ask(_) => self.ask().await,
            State::Open(..) => self.read().await,
        };
        if let Err(error) = failed {
            self.state = State::Failed;
            self.ready.clear();
            return Err(error);
        }
        Ok(!matches!(self.state, State::Done) || !self.ready.is_empty())
    }

    fn error(&self, fault: impl Into<Box<Fault>>) -> Error {
        let mut error = Error::new(fault, place_of(&self.request.endpoint));
        error.rows = self.progress.rows;
        error
    }

    async fn begin(&mut self) -> Result<(), Error> {
        if self.exchange.options.offline {
            return Err(self.error(Fault::Offline));
        }
        if self.exchange.options.paging.count {
            self.count().await?;
        }
        let first = match &self.from {
            None => self.pages.first(),
            Some(point) => self.pages.behind_earlier(point.rows, point.last.as_deref()),
        };
        self.resumed = self.pages.received();
        self.progress.rows = self.resumed;
        self.state = State::Ask(first);
        Ok(())
    }

    /// Asks the portal for the number of rows; a portal that does not count it is no fault.
    async fn count(&mut self) -> Result<(), Error> {
        let Some(count) = self.request.count() else { return Ok(()) };
        match number(&self.exchange, &count).await {
            Ok(rows) => {
                let rows = rows.map(|rows| rows.saturating_sub(self.request.paging.skip));
                self.progress.expected = rows;
                self.pages.counted(rows);
                Ok(())
            }
            Err(error) if matches!(*error.fault, Fault::Refused(_) | Fault::QueryTimeout(_)) => {
                self.pages.counted(None);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Makes one attempt to open the page that is due.
    async fn ask(&mut self) -> Result<(), Error> {
        let State::Ask(page) = &self.state else { return Ok(()) };
        let page = page.clone();
        let base = self.keyed.as_ref().unwrap_or(&self.request);
        let request = page.request(base);
        let call = call(&request);
        let opened = self.exchange.open(&call, self.exchange.options.limits.page_bytes).await;
        let answer = match opened {
            Ok(answer) if answer.not_modified => Err(Failure::from(Fault::Malformed {
                reason: "an answer that nothing has changed since none".to_owned(),
            })),
            other => other,
        };
        let failure = match answer {
            Ok(answer) => {
                if self.has_changed(&answer) {
                    return Ok(());
                }
                self.shape(&answer)?;
                let splitter = Splitter::new(self.exchange.options.limits.row_bytes);
                let arriving = Arriving { answer, splitter, seen: 0, sum: 0 };
                self.state = State::Open(page, Box::new(arriving));
                return Ok(());
            }
            Err(failure) => failure,
        };
        if matches!(*failure.fault, Fault::Refused(_)) && self.without_keys() {
            return Ok(());
        }
        let span = locate(&request, &failure.place);
        let mut error = self.error(failure.fault);
        error.span = span;
        self.attempts.behind(error, failure.asked).await
    }

    /// Goes on by the number of rows where a portal does not take the identifier of the last one.
    fn without_keys(&mut self) -> bool {
        if self.keyed.is_none() || !self.pages.by_rows() {
            return false;
        }
        if self.progress.rows == 0 {
            self.keyed = None;
            self.is_added = false;
            self.decoder = Arc::new(Decoder::new(&self.request.columns));
            self.state = State::Ask(self.pages.without_ids());
        } else {
            self.state = State::Ask(self.pages.here());
        }
        true
    }

    /// Begins anew if the rows are not those that an earlier run had a part of.
    fn has_changed(&mut self, answer: &Answer) -> bool {
        let Some(point) = self.from.take() else { return false };
        if Shape::read(&answer.headers).stamp() == Some(&point.stamp) {
            return false;
        }
        self.resumed = 0;
        self.progress.rows = 0;
        self.state = State::Ask(self.pages.anew());
        true
    }

    /// Compares the columns that the answer announces with those of the query, and with those of
    /// the pages before.
    fn shape(&mut self, answer: &Answer) -> Result<(), Error> {
        let shape = Shape::read(&answer.headers);
        let missing = shape.missing(self.decoder.columns());
        let changed = self.shape.as_ref().map_or(Vec::new(), |before| before.differences(&shape));
        if !missing.is_empty() || !changed.is_empty() {
            return Err(self.error(Fault::SchemaChanged { missing, changed }));
        }
        match &self.shape {
            None => self.shape = Some(shape),
            Some(before) => self.is_steady &= before.stamp() == shape.stamp(),
        }
        Ok(())
    }

    /// Takes the next piece of the page that is arriving.
    async fn read(&mut self) -> Result<(), Error> {
        let State::Open(page, arriving) = &mut self.state else { return Ok(()) };
        let taken = match arriving.answer.body.chunk().await {
            Ok(Some(piece)) => {
                self.progress.bytes += piece.len() as u64;
                let reader = Reader {
                    decoder: &self.decoder,
                    pages: &mut self.pages,
                    page,
                    is_added: self.is_added,
                    ready: &mut self.ready,
                };
                reader.take(arriving, &piece).map(|()| false)
            }
            Ok(None) => arriving.splitter.finish().map(|()| true),
            Err(fault) => Err(fault),
        };
        let taken = taken.and_then(|complete| {
            // A page that was asked for again must not have become shorter.
            let shrunk = complete && arriving.seen < page.rows;
            if shrunk { Err(Fault::Pages(PageFault::Unstable)) } else { Ok(complete) }
        });
        self.progress.rows = self.pages.received();
        match taken {
            Ok(false) => Ok(()),
            Ok(true) => self.complete().await,
            Err(fault) => {
                let page = page.clone();
                let error = self.error(fault);
                self.state = State::Ask(page);
                self.attempts.behind(error, None).await
            }
        }
    }

    /// Decides what comes behind a page that is complete.
    async fn complete(&mut self) -> Result<(), Error> {
        let State::Open(page, _) = &self.state else { return Ok(()) };
        let page = page.clone();
        self.attempts.reset();
        self.progress.pages += 1;
        // The body is read; its place among the requests under way is free for a count.
        self.state = State::Ask(page.clone());
        if self.pages.wants_count(&page) {
            self.count().await?;
        }
        match self.pages.behind(&page) {
            Ok(Next::Page(next)) => {
                self.state = State::Ask(next);
                let stamp = self.shape.as_ref().and_then(Shape::stamp);
                self.point = stamp.filter(|_| self.is_steady).map(|stamp| Point {
                    rows: self.pages.received(),
                    last: self.pages.last_id().map(str::to_owned),
                    stamp: stamp.to_owned(),
                });
            }
            Ok(Next::End) => {
                self.pages_fit().await?;
                let shape = self.shape.take().unwrap_or_default();
                self.end = Some(shape.end(&self.request.columns, self.cut()));
                self.state = State::Done;
            }
            Err(fault) => return Err(self.error(Fault::Pages(fault))),
        }
        Ok(())
    }

    /// Where the portal probably stopped short of what one request asks for.
    fn cut(&self) -> Option<u64> {
        let (paging, received) = (self.request.paging, self.pages.received());
        let is_cut = match (paging.strategy, paging.page_size) {
            (Strategy::DefaultLimit, Some(limit)) => received >= limit,
            (Strategy::Single, Some(limit)) => received < limit && CEILINGS.contains(&received),
            _ => false,
        };
        is_cut.then_some(received)
    }

    /// Compares the rows with the count; if they differ, once more with the count as it is now.
    async fn pages_fit(&mut self) -> Result<(), Error> {
        let received = self.pages.received();
        let Some(counted) = self.pages.expected().filter(|counted| *counted != received) else {
            return Ok(());
        };
        self.count().await?;
        let now = self.pages.expected().unwrap_or(counted);
        let fault = PageFault::Count { counted: now, received, moved: now != counted };
        Err(self.error(Fault::Pages(fault)))
    }
}

/// Takes rows out of pieces of a page.
struct Reader<'r> {
    decoder: &'r Decoder,
    pages: &'r mut Pages,
    page: &'r mut Page,
    is_added: bool,
    ready: &'r mut VecDeque<Row>,
}

impl Reader<'_> {
    fn take(self, arriving: &mut Arriving, piece: &Bytes) -> Result<(), Fault> {
        let Arriving { splitter, seen, sum, .. } = arriving;
        splitter.feed(piece, |object| {
            *seen += 1;
            *sum = crate::pages::add(*sum, object);
            if *seen <= self.page.rows {
                // Handed on in an earlier attempt.
                let same = *seen < self.page.rows || *sum == self.page.sum;
                return if same { Ok(()) } else { Err(Fault::Pages(PageFault::Unstable)) };
            }
            let mut row = self.decoder.row(object)?;
            let id = self.pages.id_column().and_then(|at| match row.get(at) {
                Some(Value::Text(id)) => Some(id.clone()),
                _ => None,
            });
            self.pages.row(self.page, *sum, id).map_err(Fault::Pages)?;
            if self.is_added {
                row.pop();
            }
            self.ready.push_back(row);
            Ok(())
        })
    }
}

/// The request as it is sent.
pub(crate) fn call(request: &Request) -> Call {
    let body = request.body.as_ref().map(|body| Bytes::from(body.to_string()));
    Call { url: request.url(), body, known: Marks::default() }
}

/// The only number of the only row of an answer.
pub(crate) async fn number(exchange: &Exchange, request: &Request) -> Result<Option<u64>, Error> {
    let Some(document) = exchange.document(&call(request)).await? else { return Ok(None) };
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&document.text).map_err(|_| {
            let reason = "the count is no list of rows".to_owned();
            Error::new(Fault::Malformed { reason }, place_of(&request.endpoint))
        })?;
    let value = rows.first().and_then(|row| row.values().next());
    Ok(value.and_then(|value| match value {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }))
}

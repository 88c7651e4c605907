//! The editor's end of the pipe, watched for its closing.
//!
//! When it closes, whatever is under way is told to stop at once: the framework answers every
//! request it has taken before it comes to an end, and nobody is there to wait for a run, or to
//! answer what the server asked.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

use tokio::sync::Notify;

use crate::work::Works;

/// A stream whose end ends what is under way.
pub(crate) struct Ending<I> {
    inner: I,
    works: Works,
    ended: Arc<Notify>,
}

impl<I> Ending<I> {
    /// The stream, and what tells of its end.
    pub(crate) fn new(inner: I, works: Works) -> (Self, Arc<Notify>) {
        let ended = Arc::<Notify>::default();
        (Self { inner, works, ended: Arc::clone(&ended) }, ended)
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Ending<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(context, buffer);
        let ended = match &polled {
            Poll::Ready(Ok(())) => buffer.filled().len() == before && buffer.capacity() > before,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if ended {
            self.works.stop_all();
            self.ended.notify_one();
        }
        polled
    }
}

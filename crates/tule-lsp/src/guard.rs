//! What stands between the protocol and the handlers: faults within, and members of the protocol
//! that the library of its types does not have yet.
//!
//! A handler that panics answers that request with an internal error, and nothing else notices:
//! no change of the session spans two calls, and no lock is poisoned for good. Requests behind
//! `shutdown` are refused by the framework.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Request, Response};
use tower_service::Service;

use crate::cards::SCHEME;
use crate::session::Session;

/// A service whose faults are its own.
pub(crate) struct Guard<S> {
    pub(crate) inner: S,
    pub(crate) session: Arc<Mutex<Session>>,
}

type Answer<E> = Pin<Box<dyn Future<Output = Result<Option<Response>, E>> + Send>>;

impl<S> Service<Request> for Guard<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Answer<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let id = request.id().cloned();
        // The framework passes over what begins so, which only a notification may do.
        let private = id.clone().filter(|_| request.method().starts_with("$/"));
        let begins = request.method() == "initialize";
        if begins {
            let params = request.params().unwrap_or(&Value::Null);
            let offers = params.pointer("/capabilities/workspace/textDocumentContent");
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            session.asks_for_documents = offers.is_some_and(Value::is_object);
        }
        #[cfg(test)]
        let faulty = request.params().is_some_and(|params| params["panic"] == true);
        let session = Arc::clone(&self.session);
        let mut inner = Box::pin(self.inner.call(request));
        Box::pin(async move {
            let answer = std::future::poll_fn(|context| {
                let polled = catch_unwind(AssertUnwindSafe(|| {
                    #[cfg(test)]
                    assert!(!faulty, "asked for by a test");
                    inner.as_mut().poll(context)
                }));
                // A future that panicked is not polled again.
                polled.unwrap_or_else(|_| {
                    let fault = Error {
                        message: "a fault of the server".into(),
                        ..Error::internal_error()
                    };
                    Poll::Ready(Ok(id.clone().map(|id| Response::from_error(id, fault))))
                })
            })
            .await;
            if let (Ok(None), Some(id)) = (&answer, private) {
                return Ok(Some(Response::from_error(id, Error::method_not_found())));
            }
            if begins {
                answer.map(|answer| answer.map(|answer| with_documents(answer, &session)))
            } else {
                answer
            }
        })
    }
}

/// Offers the documents of datasets to an editor that asks for documents.
fn with_documents(answer: Response, session: &Mutex<Session>) -> Response {
    let asks = session.lock().unwrap_or_else(PoisonError::into_inner).asks_for_documents;
    let (id, result) = answer.into_parts();
    let result = result.map(|mut result| {
        if asks && let Some(workspace) = result.pointer_mut("/capabilities/workspace") {
            workspace["textDocumentContent"] = json!({ "schemes": [SCHEME] });
        }
        result
    });
    Response::from_parts(id, result)
}

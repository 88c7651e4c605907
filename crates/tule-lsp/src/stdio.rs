//! Standard input and output without a thread in between.
//!
//! Reading and writing on threads of their own costs two hand-overs for every key press, which on a
//! busy machine is most of what a user waits for. Editors start servers on pipes or sockets, both
//! of which can be waited for directly; anything else (a terminal, a file, another system) takes
//! the way of threads.

use tokio::io::{AsyncRead, AsyncWrite};

/// Standard input. To be called inside a runtime.
#[must_use]
pub fn input() -> Box<dyn AsyncRead + Send + Unpin> {
    #[cfg(unix)]
    if let Some(input) = direct::input() {
        return input;
    }
    Box::new(tokio::io::stdin())
}

/// Standard output. To be called inside a runtime.
#[must_use]
pub fn output() -> Box<dyn AsyncWrite + Send + Unpin> {
    #[cfg(unix)]
    if let Some(output) = direct::output() {
        return output;
    }
    Box::new(tokio::io::stdout())
}

#[cfg(unix)]
mod direct {
    use std::os::fd::{AsFd, OwnedFd};

    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio::net::UnixStream;
    use tokio::net::unix::pipe;

    pub(super) fn input() -> Option<Box<dyn AsyncRead + Send + Unpin>> {
        let own = || std::io::stdin().as_fd().try_clone_to_owned().ok();
        if let Ok(pipe) = pipe::Receiver::from_owned_fd(own()?) {
            return Some(Box::new(pipe));
        }
        Some(Box::new(socket(own()?)?))
    }

    pub(super) fn output() -> Option<Box<dyn AsyncWrite + Send + Unpin>> {
        let own = || std::io::stdout().as_fd().try_clone_to_owned().ok();
        if let Ok(pipe) = pipe::Sender::from_owned_fd(own()?) {
            return Some(Box::new(pipe));
        }
        Some(Box::new(socket(own()?)?))
    }

    fn socket(descriptor: OwnedFd) -> Option<UnixStream> {
        let socket = std::os::unix::net::UnixStream::from(descriptor);
        // Anything can be taken for a socket; only one has an address.
        socket.local_addr().ok()?;
        socket.set_nonblocking(true).ok()?;
        UnixStream::from_std(socket).ok()
    }
}

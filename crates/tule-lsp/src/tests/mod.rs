//! The server as an editor sees it, by subject; `client` is the editor.

mod client;
mod protocol;

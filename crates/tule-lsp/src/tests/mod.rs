//! The server as an editor sees it, by subject; `client` is the editor.

mod client;
mod folder;
mod own;
mod portals;
mod protocol;
mod schemas;
mod workspace;

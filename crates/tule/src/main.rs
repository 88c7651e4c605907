//! The `tule` program: the command line over the library crates.
//!
//! Only here are files, the clock, the environment and the terminal touched; what queries mean is
//! the libraries' business. One module per command under [`commands`], everything that is shown
//! under [`render`]. Requests to portals are
//! `tule-portal`'s business; [`portal`] sets it up.

#![forbid(unsafe_code)]

mod analysis;
mod args;
mod atomic;
mod commands;
mod escape;
mod exit;
mod output;
mod portal;
mod project;
mod render;
mod source;
mod walk;

fn main() -> std::process::ExitCode {
    commands::run()
}

//! The `tule` program: the command line over the library crates.
//!
//! Only here are files, the clock, the environment and the terminal touched; what queries mean is
//! the libraries' business. One module per command under [`commands`], everything that is shown
//! under [`render`], rows under [`rows`]. Requests to portals are `tule-portal`'s business;
//! [`portal`] sets it up.

#![forbid(unsafe_code)]

mod analysis;
mod args;
mod asked;
mod atomic;
mod baseline;
mod checker;
mod commands;
mod diff;
mod escape;
mod execute;
mod exit;
mod interrupt;
mod local;
mod markdown;
mod output;
mod portal;
mod progress;
mod project;
mod remote;
mod render;
mod report;
mod rows;
mod source;
mod walk;

fn main() -> std::process::ExitCode {
    commands::run()
}

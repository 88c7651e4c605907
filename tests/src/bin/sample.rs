//! Writes the files of the example project's local portal anew: `cargo run -p tule-tests --bin
//! sample`.

#![forbid(unsafe_code)]

use std::io;

use tule_tests::sample::{files, folder};

fn main() -> io::Result<()> {
    std::fs::create_dir_all(folder())?;
    for file in files() {
        std::fs::write(folder().join(file.name), file.packed()?)?;
    }
    Ok(())
}

//! Any text is read as metadata, lock or manifest, or refused; a lock that was read is written
//! so that it reads the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tule_core::schema::{lock, manifest, socrata};

fuzz_target!(|text: &str| {
    let _ = manifest::parse(text);
    let _ = socrata::read(text, &socrata::Origin::default());
    if let Ok(read) = lock::read(text) {
        let again = lock::read(&lock::write(&read.datasets));
        assert_eq!(again.map(|lock| lock.datasets).ok(), Some(read.datasets));
    }
});

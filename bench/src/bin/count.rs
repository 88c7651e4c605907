//! One stage, so many passes, for an instruction counter around this process; or allocations.
//!
//! `count STAGE PASSES [CORPUS]` runs and prints the bytes of one pass.
//! `count allocations` prints allocations per statement of every stage.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use tule_bench::{Stage, bytes, corpus, pass};

const STATEMENTS: usize = 200;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

impl Counting {
    fn count(size: usize) {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        ALLOCATED.fetch_add(size, Ordering::Relaxed);
    }
}

#[expect(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call is passed on unchanged to the system's allocator, which keeps the contract of
// the trait; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        // SAFETY: the caller keeps the contract of this method, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count(size);
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn texts(corpus: &str) -> Option<Vec<String>> {
    Some(match corpus {
        "plain" => corpus::plain(1, STATEMENTS),
        "extended" => corpus::extended(1, STATEMENTS),
        "broken" => corpus::broken(1, &corpus::plain(1, STATEMENTS)),
        // `in-1000`, `and-2000`: one long statement.
        long => {
            let (shape, size) = long.split_once('-')?;
            let make = match shape {
                "in" => corpus::in_list,
                "and" => corpus::and_terms,
                _ => return None,
            };
            vec![make(size.parse().ok()?)]
        }
    })
}

fn allocations() {
    let catalog = corpus::catalog();
    let texts = corpus::plain(1, STATEMENTS);
    println!("{:<20} {:>12} {:>12}", "stage", "allocs/stmt", "bytes/stmt");
    for stage in Stage::ALL {
        pass(stage, &catalog, &texts);
        let before = (ALLOCATIONS.load(Ordering::Relaxed), ALLOCATED.load(Ordering::Relaxed));
        pass(stage, &catalog, &texts);
        let count = ALLOCATIONS.load(Ordering::Relaxed) - before.0;
        let size = ALLOCATED.load(Ordering::Relaxed) - before.1;
        let each = |all: usize| all as f64 / texts.len() as f64;
        println!("{:<20} {:>12.1} {:>12.0}", stage.name(), each(count), each(size));
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (stage, passes, corpus) = match arguments[..] {
        ["allocations"] => {
            allocations();
            return ExitCode::SUCCESS;
        }
        [stage, passes] => (stage, passes, "plain"),
        [stage, passes, corpus] => (stage, passes, corpus),
        _ => ("", "", ""),
    };
    let (Some(stage), Ok(passes), Some(texts)) =
        (Stage::from_name(stage), passes.parse::<usize>(), texts(corpus))
    else {
        eprintln!(
            "usage: count STAGE PASSES [plain|extended|broken|in-N|and-N] | count allocations"
        );
        return ExitCode::from(2);
    };
    let catalog = corpus::catalog();
    for _ in 0..passes {
        std::hint::black_box(pass(stage, &catalog, &texts));
    }
    println!("{}", bytes(&texts));
    ExitCode::SUCCESS
}

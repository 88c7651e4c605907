//! Builds the generated parser.

fn main() {
    let source = "../tree-sitter/src";
    println!("cargo::rerun-if-changed={source}");
    cc::Build::new()
        .include(source)
        .file(format!("{source}/parser.c"))
        .std("c11")
        // Tables mostly: no more is gained by more.
        .opt_level(1)
        .warnings(false)
        .compile("tree-sitter-tule");
}

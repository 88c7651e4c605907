//! Queries inside Markdown files.

use crate::common::Folder;

const PAGE: &str = "# Calls\r\n\r\nUm 12 € im Jahr:\r\n\r\n```tule\r\nselect beet,\r\nfrom police_calls limit 5;\r\n```\r\n\r\n\
                    > ```soql\r\n> select beat from police_calls where x = 'a' limit 9\r\n> ```\r\n\r\n\
                    ```tule ignore\r\nnonsense\r\n```\r\n";

#[test]
fn blocks_are_checked_when_asked_at_their_place_in_the_file() {
    let folder = Folder::stockton();
    folder.write("docs/page.md", PAGE).write("a.tule", "select beat from police_calls limit 5;");
    folder.tule(&["check"]).ends(0).tells("1 file, 1 query: no problems");
    let concise = ["check", "--markdown", "--format", "concise"];
    let run = folder.tule(&concise).ends(1).says("docs/page.md:6:8: error[unknown-column]");
    let run = run.says("docs/page.md:6:12: error[trailing-comma]");
    assert!(run.out.contains("docs/page.md:11:43: error[type-mismatch]"), "{}", run.out);
    // A page that is named is a page, on standard input too.
    folder.tule(&["check", "docs/page.md"]).ends(1).tells("3 errors in 1 file");
    let named = ["check", "-", "--stdin-filename", "x.md", "--format", "concise"];
    folder.pipe(&named, PAGE.as_bytes()).ends(1).says("x.md:6:8: error");
    let json = folder.tule(&["check", "docs/page.md", "--format", "json"]).ends(1).json("check");
    let offset = PAGE.find("beet").unwrap();
    assert_eq!(json["diagnostics"][0]["range"]["start"]["offset"], offset);
}

#[test]
fn repairs_leave_the_rest_of_the_page_as_it_is() {
    let folder = Folder::stockton();
    folder.write("page.md", PAGE);
    folder.tule(&["check", "--markdown", "--fix", "--unsafe-fixes"]).ends(1).tells("fixed 2 of 3");
    assert_eq!(folder.read("page.md"), PAGE.replace("select beet,", "select beat"));
}

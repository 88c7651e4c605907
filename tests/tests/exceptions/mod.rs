//! Calls of the corpus that are known to fail a stage, and why. Each was looked at.

const TEMPLATE: &str = "a gap of a program's template outside quotes, which no portal takes either";
const DATE_TEMPLATE: &str = "a gap of a program's template where a date has to stand";
const NO_LOCATIONS: &str = "the saved schema lacks the location columns that the dataset has";
const RENAMED: &str = "the column had another name when the schema was saved";
const AMPERSAND: &str = "an encoded `&` hides a second parameter, which the import takes out";

/// Calls that do not import.
pub(super) const REFUSED: &[(&str, &str)] = &[
    (
        "socrata/presentations:hackathons/2017-03-04-nyc-sod.md#e5564d95",
        "a condition behind a select list with nothing between them",
    ),
    ("chriswhong/nyc-311-digest:src/util/service-requests-api.js#cf337389", TEMPLATE),
    ("chriswhong/nyc-311-digest:src/util/service-requests-api.js#99acf149", TEMPLATE),
    ("third774/austin-restaurant-inspections:src/api.ts#7f5544af", TEMPLATE),
    ("sfbrigade/sf-crime-data:js/services/incidentService.js#2e35ace7", TEMPLATE),
    ("Achan40/chicago-crime-dashboard:dbscripts/CrimeData.py#402347a8", TEMPLATE),
    ("Achan40/chicago-crime-dashboard:dbscripts/CrimeData.py#022f86f7", TEMPLATE),
    ("github issue afeld/sodapy#54#86c7a1bf", TEMPLATE),
    ("github issue socrata/dev.socrata.com#644#d355afb7", TEMPLATE),
];

/// Calls with errors that are really theirs, or that come from a schema of another time.
pub(super) const FAULTY: &[(&str, &str)] = &[
    ("socrata/dev.socrata.com:consumers/getting-started.md#7d66930f", NO_LOCATIONS),
    ("socrata/dev.socrata.com:docs/datatypes/location.md#d6008178", NO_LOCATIONS),
    ("socrata/dev.socrata.com:docs/functions/within_box.md#08274277", NO_LOCATIONS),
    ("socrata/dev.socrata.com:docs/functions/distance_in_meters.md#6f3299dc", NO_LOCATIONS),
    ("tmaybe/dev.socrata.com:docs/datatypes/location.md#0a6a2c04", NO_LOCATIONS),
    ("tmaybe/dev.socrata.com#2c4d2bbe", NO_LOCATIONS),
    ("sfbrigade/sf-crime-data:js/vendor/geo.js#644b9433", RENAMED),
    ("joshgreenman1973/nyc-open-data-explorer:build/weekly_stats.py#231186be", RENAMED),
    ("timmatsam/nyc-311-viz:src/api/nyc311.ts#e5c4523d", DATE_TEMPLATE),
    ("timmatsam/nyc-311-viz:src/api/nyc311.ts#437afeab", DATE_TEMPLATE),
    ("joshgreenman1973/nyc-open-data-explorer:build/weekly_stats.py#0a27afe1", DATE_TEMPLATE),
    ("joshgreenman1973/nyc-open-data-explorer:build/weekly_stats.py#9bbf0d96", DATE_TEMPLATE),
    ("joshgreenman1973/nyc-open-data-explorer:build/weekly_stats.py#7a6d3e9e", DATE_TEMPLATE),
    ("joshgreenman1973/nyc-open-data-explorer:build/weekly_stats.py#697d29b3", DATE_TEMPLATE),
];

/// Calls that are sent in another form than they came.
pub(super) const REWRITTEN: &[(&str, &str)] = &[
    (
        "socrata/dev.socrata.com:docs/system-fields.md#a795907c",
        "`$$exclude_system_fields=false` becomes `:*` in the select list",
    ),
    ("socrata/dev.socrata.com:docs/queries/bom.md#2bb718e1", "an `&` behind a number is dropped"),
    ("socrata/presentations:hackathons/2017-04-07-gocode-co.md#fb8b24a4", AMPERSAND),
    ("socrata/presentations:hackathons/2015-10-25-scs-hack-day/slides.md#5ca1274d", AMPERSAND),
    ("socrata/presentations:hackathons/2015-10-17-mom-richmond/slides.md#98563d70", AMPERSAND),
    ("socrata/presentations:conferences/2015-05-06-partner-apis/slides.md#3bb58a3e", AMPERSAND),
    (
        "socrata/presentations:internal/2015-10-06-the-developer-experience/slides.md#3dad4e61",
        AMPERSAND,
    ),
    (
        "socrata/dev.socrata.com:_posts/2015-03-30#f6120cb0",
        "a `+` that was meant as a blank in front of `desc` is read as one",
    ),
];

; Written from ../highlights.scm by `TULE_BLESS=1 cargo test -p tule-tests --test grammar`:
; the same rules in the names of this editor.

[
  "select" "distinct" "except" "as" "from" "full" "left" "right" "outer" "inner" "join" "lateral"
  "on" "where" "group" "having" "order" "limit" "offset" "search" "filter" "by" "over" "partition"
  "range" "rows" "groups" "unbounded" "preceding" "following" "current" "row" "exclude" "ties" "no"
  "others" "hint" "all" "default"
] @keyword

[
  "case" "when" "then" "else" "end"
] @keyword.control

[
  "and" "or" "not" "is" "between" "like" "in" "union" "intersect" "minus" "ilike"
] @keyword.operator

[
  "asc" "desc" "nulls" "first" "last"
] @keyword

[
  "with" "query"
] @keyword


; Names ------------------------------------------------------------------------------------------

(query_header
  name: (_) @function)

(common_table
  name: [
    (identifier)
    (quoted_identifier)
  ] @type.definition)

(table
  [
    (identifier)
    (quoted_identifier)
  ] @type)

(table_identifier) @type

(from_clause
  alias: [
    (identifier)
    (quoted_identifier)
  ] @variable)

(join_clause
  alias: [
    (identifier)
    (quoted_identifier)
  ] @variable)

(select_item
  alias: [
    (identifier)
    (quoted_identifier)
  ] @variable)

(column
  [
    (identifier)
    (quoted_identifier)
  ] @property)

(qualified_column
  column: [
    (identifier)
    (quoted_identifier)
  ] @property)

(star
  [
    (identifier)
    (quoted_identifier)
  ] @property)

(field_access
  field: (_) @property)

(system_identifier) @variable.special

(parameter) @variable.parameter

(hole) @variable.parameter

(hint) @attribute

; Functions and types ----------------------------------------------------------------------------

(call
  name: (identifier) @function.builtin
  (#any-of? @function.builtin
    "abs" "area" "case" "caseless_contains" "caseless_eq" "caseless_ne" "caseless_not_one_of"
    "caseless_one_of" "caseless_starts_with" "ceil" "chr" "coalesce" "concave_hull" "contains"
    "convex_hull" "crosses" "curated_region_test" "date_add" "date_diff_business_days"
    "date_diff_d" "date_extract_d" "date_extract_dow" "date_extract_hh" "date_extract_iso_y"
    "date_extract_m" "date_extract_mm" "date_extract_ss" "date_extract_woy" "date_extract_y"
    "date_trunc_y" "date_trunc_ym" "date_trunc_ymd" "datez_trunc_y" "datez_trunc_ym"
    "datez_trunc_ymd" "distance_in_meters" "epoch_seconds" "floor" "geo_collection_extract"
    "geo_make_valid" "geo_multi" "get_context" "get_utc_date" "greatest" "human_address" "iif"
    "intersects" "is_empty" "least" "left_pad" "length" "ln" "location" "lower" "make_point" "now"
    "nullif" "num_points" "overlaps" "param" "polygon_intersection" "reduce_precision" "replace"
    "right_pad" "round" "signed_magnitude_10" "signed_magnitude_linear" "simplify"
    "simplify_preserve_topology" "snap_to_grid" "split_part" "starts_with" "substring"
    "to_floating_timestamp" "today" "trim" "trim_leading" "trim_trailing" "unaccent" "upper" "url"
    "visible_at" "width_bucket" "within_box" "within_circle" "within_polygon" "spatial_union"
    "extent" "count" "count_distinct" "sum" "avg" "median" "min" "max" "bool_and" "bool_or"
    "stddev_pop" "stddev_samp" "regr_slope" "regr_intercept" "regr_r2" "row_number" "rank"
    "dense_rank" "first_value" "last_value" "lead" "lag" "ntile" "ABS" "AREA" "CASE"
    "CASELESS_CONTAINS" "CASELESS_EQ" "CASELESS_NE" "CASELESS_NOT_ONE_OF" "CASELESS_ONE_OF"
    "CASELESS_STARTS_WITH" "CEIL" "CHR" "COALESCE" "CONCAVE_HULL" "CONTAINS" "CONVEX_HULL"
    "CROSSES" "CURATED_REGION_TEST" "DATE_ADD" "DATE_DIFF_BUSINESS_DAYS" "DATE_DIFF_D"
    "DATE_EXTRACT_D" "DATE_EXTRACT_DOW" "DATE_EXTRACT_HH" "DATE_EXTRACT_ISO_Y" "DATE_EXTRACT_M"
    "DATE_EXTRACT_MM" "DATE_EXTRACT_SS" "DATE_EXTRACT_WOY" "DATE_EXTRACT_Y" "DATE_TRUNC_Y"
    "DATE_TRUNC_YM" "DATE_TRUNC_YMD" "DATEZ_TRUNC_Y" "DATEZ_TRUNC_YM" "DATEZ_TRUNC_YMD"
    "DISTANCE_IN_METERS" "EPOCH_SECONDS" "FLOOR" "GEO_COLLECTION_EXTRACT" "GEO_MAKE_VALID"
    "GEO_MULTI" "GET_CONTEXT" "GET_UTC_DATE" "GREATEST" "HUMAN_ADDRESS" "IIF" "INTERSECTS"
    "IS_EMPTY" "LEAST" "LEFT_PAD" "LENGTH" "LN" "LOCATION" "LOWER" "MAKE_POINT" "NOW" "NULLIF"
    "NUM_POINTS" "OVERLAPS" "PARAM" "POLYGON_INTERSECTION" "REDUCE_PRECISION" "REPLACE" "RIGHT_PAD"
    "ROUND" "SIGNED_MAGNITUDE_10" "SIGNED_MAGNITUDE_LINEAR" "SIMPLIFY" "SIMPLIFY_PRESERVE_TOPOLOGY"
    "SNAP_TO_GRID" "SPLIT_PART" "STARTS_WITH" "SUBSTRING" "TO_FLOATING_TIMESTAMP" "TODAY" "TRIM"
    "TRIM_LEADING" "TRIM_TRAILING" "UNACCENT" "UPPER" "URL" "VISIBLE_AT" "WIDTH_BUCKET"
    "WITHIN_BOX" "WITHIN_CIRCLE" "WITHIN_POLYGON" "SPATIAL_UNION" "EXTENT" "COUNT" "COUNT_DISTINCT"
    "SUM" "AVG" "MEDIAN" "MIN" "MAX" "BOOL_AND" "BOOL_OR" "STDDEV_POP" "STDDEV_SAMP" "REGR_SLOPE"
    "REGR_INTERCEPT" "REGR_R2" "ROW_NUMBER" "RANK" "DENSE_RANK" "FIRST_VALUE" "LAST_VALUE" "LEAD"
    "LAG" "NTILE"))

(call
  name: (identifier) @function
  (#not-any-of? @function
    "abs" "area" "case" "caseless_contains" "caseless_eq" "caseless_ne" "caseless_not_one_of"
    "caseless_one_of" "caseless_starts_with" "ceil" "chr" "coalesce" "concave_hull" "contains"
    "convex_hull" "crosses" "curated_region_test" "date_add" "date_diff_business_days"
    "date_diff_d" "date_extract_d" "date_extract_dow" "date_extract_hh" "date_extract_iso_y"
    "date_extract_m" "date_extract_mm" "date_extract_ss" "date_extract_woy" "date_extract_y"
    "date_trunc_y" "date_trunc_ym" "date_trunc_ymd" "datez_trunc_y" "datez_trunc_ym"
    "datez_trunc_ymd" "distance_in_meters" "epoch_seconds" "floor" "geo_collection_extract"
    "geo_make_valid" "geo_multi" "get_context" "get_utc_date" "greatest" "human_address" "iif"
    "intersects" "is_empty" "least" "left_pad" "length" "ln" "location" "lower" "make_point" "now"
    "nullif" "num_points" "overlaps" "param" "polygon_intersection" "reduce_precision" "replace"
    "right_pad" "round" "signed_magnitude_10" "signed_magnitude_linear" "simplify"
    "simplify_preserve_topology" "snap_to_grid" "split_part" "starts_with" "substring"
    "to_floating_timestamp" "today" "trim" "trim_leading" "trim_trailing" "unaccent" "upper" "url"
    "visible_at" "width_bucket" "within_box" "within_circle" "within_polygon" "spatial_union"
    "extent" "count" "count_distinct" "sum" "avg" "median" "min" "max" "bool_and" "bool_or"
    "stddev_pop" "stddev_samp" "regr_slope" "regr_intercept" "regr_r2" "row_number" "rank"
    "dense_rank" "first_value" "last_value" "lead" "lag" "ntile" "ABS" "AREA" "CASE"
    "CASELESS_CONTAINS" "CASELESS_EQ" "CASELESS_NE" "CASELESS_NOT_ONE_OF" "CASELESS_ONE_OF"
    "CASELESS_STARTS_WITH" "CEIL" "CHR" "COALESCE" "CONCAVE_HULL" "CONTAINS" "CONVEX_HULL"
    "CROSSES" "CURATED_REGION_TEST" "DATE_ADD" "DATE_DIFF_BUSINESS_DAYS" "DATE_DIFF_D"
    "DATE_EXTRACT_D" "DATE_EXTRACT_DOW" "DATE_EXTRACT_HH" "DATE_EXTRACT_ISO_Y" "DATE_EXTRACT_M"
    "DATE_EXTRACT_MM" "DATE_EXTRACT_SS" "DATE_EXTRACT_WOY" "DATE_EXTRACT_Y" "DATE_TRUNC_Y"
    "DATE_TRUNC_YM" "DATE_TRUNC_YMD" "DATEZ_TRUNC_Y" "DATEZ_TRUNC_YM" "DATEZ_TRUNC_YMD"
    "DISTANCE_IN_METERS" "EPOCH_SECONDS" "FLOOR" "GEO_COLLECTION_EXTRACT" "GEO_MAKE_VALID"
    "GEO_MULTI" "GET_CONTEXT" "GET_UTC_DATE" "GREATEST" "HUMAN_ADDRESS" "IIF" "INTERSECTS"
    "IS_EMPTY" "LEAST" "LEFT_PAD" "LENGTH" "LN" "LOCATION" "LOWER" "MAKE_POINT" "NOW" "NULLIF"
    "NUM_POINTS" "OVERLAPS" "PARAM" "POLYGON_INTERSECTION" "REDUCE_PRECISION" "REPLACE" "RIGHT_PAD"
    "ROUND" "SIGNED_MAGNITUDE_10" "SIGNED_MAGNITUDE_LINEAR" "SIMPLIFY" "SIMPLIFY_PRESERVE_TOPOLOGY"
    "SNAP_TO_GRID" "SPLIT_PART" "STARTS_WITH" "SUBSTRING" "TO_FLOATING_TIMESTAMP" "TODAY" "TRIM"
    "TRIM_LEADING" "TRIM_TRAILING" "UNACCENT" "UPPER" "URL" "VISIBLE_AT" "WIDTH_BUCKET"
    "WITHIN_BOX" "WITHIN_CIRCLE" "WITHIN_POLYGON" "SPATIAL_UNION" "EXTENT" "COUNT" "COUNT_DISTINCT"
    "SUM" "AVG" "MEDIAN" "MIN" "MAX" "BOOL_AND" "BOOL_OR" "STDDEV_POP" "STDDEV_SAMP" "REGR_SLOPE"
    "REGR_INTERCEPT" "REGR_R2" "ROW_NUMBER" "RANK" "DENSE_RANK" "FIRST_VALUE" "LAST_VALUE" "LEAD"
    "LAG" "NTILE"))

(call
  name: (quoted_identifier) @function)

(user_parameter
  "param" @function.builtin)

((type (identifier) @type.builtin)
  (#any-of? @type.builtin
    "text" "number" "double" "boolean" "fixed_timestamp" "floating_timestamp" "datestamp" "time"
    "interval" "point" "multipoint" "line" "multiline" "polygon" "multipolygon" "location" "url"
    "row_identifier" "row_version" "json" "document" "photo" "blob" "TEXT" "NUMBER" "DOUBLE"
    "BOOLEAN" "FIXED_TIMESTAMP" "FLOATING_TIMESTAMP" "DATESTAMP" "TIME" "INTERVAL" "POINT"
    "MULTIPOINT" "LINE" "MULTILINE" "POLYGON" "MULTIPOLYGON" "LOCATION" "URL" "ROW_IDENTIFIER"
    "ROW_VERSION" "JSON" "DOCUMENT" "PHOTO" "BLOB"))

((type (identifier) @type)
  (#not-any-of? @type
    "text" "number" "double" "boolean" "fixed_timestamp" "floating_timestamp" "datestamp" "time"
    "interval" "point" "multipoint" "line" "multiline" "polygon" "multipolygon" "location" "url"
    "row_identifier" "row_version" "json" "document" "photo" "blob" "TEXT" "NUMBER" "DOUBLE"
    "BOOLEAN" "FIXED_TIMESTAMP" "FLOATING_TIMESTAMP" "DATESTAMP" "TIME" "INTERVAL" "POINT"
    "MULTIPOINT" "LINE" "MULTILINE" "POLYGON" "MULTIPOLYGON" "LOCATION" "URL" "ROW_IDENTIFIER"
    "ROW_VERSION" "JSON" "DOCUMENT" "PHOTO" "BLOB"))

(type
  (quoted_identifier) @type)

; Literals ---------------------------------------------------------------------------------------

(string
  [
    "'"
    "\""
    (string_content)
  ] @string)

(escape_sequence) @string.escape

(integer) @number

(number) @number

(boolean) @boolean

(null) @constant.builtin

(null_test
  "null" @constant.builtin)

(order_item
  "null" @keyword)

; Signs ------------------------------------------------------------------------------------------

[
  "="
  "=="
  "<>"
  "!="
  "<"
  "<="
  ">"
  ">="
  "+"
  "-"
  "||"
  "*"
  "/"
  "%"
  "^"
  "::"
  "|>"
  ":*"
] @operator

[
  "("
  ")"
  "["
  "]"
] @punctuation.bracket

[
  ","
  "."
  ";"
] @punctuation.delimiter

; Comments ---------------------------------------------------------------------------------------

(line_comment) @comment

(block_comment) @comment

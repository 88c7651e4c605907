" Colours for Tule where there is no tree-sitter parser. What names stand for, the server colours.
if exists('b:current_syntax')
  finish
endif

syntax case ignore

" The words are those of the compiler's tables: TULE_BLESS=1 cargo test -p tule-tests --test editors
" words: begin
syntax keyword tuleKeyword all and as asc between by case current default desc distinct else
syntax keyword tuleKeyword end except exclude false filter first following from full group
syntax keyword tuleKeyword groups having hint ilike in inner intersect is join last lateral
syntax keyword tuleKeyword left like limit minus no not null nulls offset on or order others
syntax keyword tuleKeyword outer over partition preceding query range right row rows search
syntax keyword tuleKeyword select then ties true unbounded union when where with
syntax keyword tuleFunction abs area avg bool_and bool_or caseless_contains caseless_eq
syntax keyword tuleFunction caseless_ne caseless_not_one_of caseless_one_of
syntax keyword tuleFunction caseless_starts_with ceil chr coalesce concave_hull contains
syntax keyword tuleFunction convex_hull count count_distinct crosses curated_region_test
syntax keyword tuleFunction date_add date_diff_business_days date_diff_d date_extract_d
syntax keyword tuleFunction date_extract_dow date_extract_hh date_extract_iso_y date_extract_m
syntax keyword tuleFunction date_extract_mm date_extract_ss date_extract_woy date_extract_y
syntax keyword tuleFunction date_trunc_y date_trunc_ym date_trunc_ymd datestamp_day
syntax keyword tuleFunction datestamp_dow datestamp_isoyear datestamp_month datestamp_woy
syntax keyword tuleFunction datestamp_year datez_trunc_y datez_trunc_ym datez_trunc_ymd
syntax keyword tuleFunction dense_rank distance_in_meters document_content_type
syntax keyword tuleFunction document_file_id document_filename epoch_seconds extent
syntax keyword tuleFunction first_value floating_timestamp_date floating_timestamp_day
syntax keyword tuleFunction floating_timestamp_dow floating_timestamp_hour
syntax keyword tuleFunction floating_timestamp_isoyear floating_timestamp_minute
syntax keyword tuleFunction floating_timestamp_month floating_timestamp_second
syntax keyword tuleFunction floating_timestamp_time floating_timestamp_woy
syntax keyword tuleFunction floating_timestamp_year floor geo_collection_extract
syntax keyword tuleFunction geo_make_valid geo_multi get_context get_utc_date greatest
syntax keyword tuleFunction human_address iif intersects is_empty lag last_value lead least
syntax keyword tuleFunction left_pad length ln location location_human_address
syntax keyword tuleFunction location_latitude location_longitude lower make_point max median
syntax keyword tuleFunction min ntile nullif num_points overlaps point_latitude
syntax keyword tuleFunction point_longitude polygon_intersection rank reduce_precision
syntax keyword tuleFunction regr_intercept regr_r2 regr_slope replace right_pad round
syntax keyword tuleFunction row_number signed_magnitude_10 signed_magnitude_linear simplify
syntax keyword tuleFunction simplify_preserve_topology snap_to_grid spatial_union split_part
syntax keyword tuleFunction starts_with stddev_pop stddev_samp substring sum time_hour
syntax keyword tuleFunction time_minute time_second to_floating_timestamp trim trim_leading
syntax keyword tuleFunction trim_trailing unaccent upper url url_description url_url
syntax keyword tuleFunction visible_at width_bucket within_box within_circle within_polygon
syntax keyword tuleType blob boolean datestamp document double fixed_timestamp
syntax keyword tuleType floating_timestamp interval json line multiline multipoint
syntax keyword tuleType multipolygon number photo point polygon row_identifier row_version
syntax keyword tuleType text time
" words: end
syntax keyword tuleConstant true false null

syntax match tuleNumber '\<\d\+\(\.\d*\)\?\([eE][+-]\?\d\+\)\?\>'
syntax match tuleParameter '\$[[:alpha:]_][[:alnum:]_]*'
syntax match tuleTable '@[[:alnum:]_-]\+'
syntax match tuleSystemColumn ':\@1<!:@\?[[:alpha:]_][[:alnum:]_]*'
syntax match tuleCast '::\s*[[:alpha:]_]\+'
syntax match tuleOperator '|>\|[-+*/%<>=!|]\+'
syntax region tuleString start=+'+ skip=+''+ end=+'+
syntax region tuleString start=+"+ skip=+""+ end=+"+
syntax region tuleName start=+`+ skip=+``+ end=+`+ oneline
syntax keyword tuleTodo TODO FIXME contained
syntax match tuleComment '--.*$' contains=tuleTodo,@Spell
syntax region tuleComment start='/\*' end='\*/' contains=tuleTodo,@Spell

highlight default link tuleKeyword Keyword
highlight default link tuleFunction Function
highlight default link tuleType Type
highlight default link tuleConstant Constant
highlight default link tuleNumber Number
highlight default link tuleParameter Special
highlight default link tuleTable Structure
highlight default link tuleSystemColumn Identifier
highlight default link tuleCast Type
highlight default link tuleOperator Operator
highlight default link tuleString String
highlight default link tuleName Identifier
highlight default link tuleComment Comment
highlight default link tuleTodo Todo

let b:current_syntax = 'tule'

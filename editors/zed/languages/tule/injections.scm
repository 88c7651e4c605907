; Comments may hold what the highlighter of comments knows (`TODO:`, addresses).

([
  (line_comment)
  (block_comment)
] @injection.content
  (#set! injection.language "comment"))

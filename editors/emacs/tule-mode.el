;;; tule-mode.el --- Queries for open-data portals  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages
;; URL: https://github.com/tule-lang/tule
;; SPDX-License-Identifier: Apache-2.0 OR MIT

;;; Commentary:

;; A major mode for Tule, a typed, SQL-like query language for open-data portals.  It colours and
;; indents; diagnostics, completion, repairs and renaming come from the language server by Eglot:
;;
;;   (require 'tule-mode)
;;   (add-hook 'tule-mode-hook #'eglot-ensure)
;;
;; `C-c C-c' runs the query at point and shows its rows in a buffer, `C-c C-u' copies its address.
;; Deliberately absent: an interface of its own to what Eglot has.

;;; Code:

(require 'seq)
(require 'subr-x)

(defgroup tule nil
  "Queries for open-data portals."
  :group 'languages)

(defcustom tule-program "tule"
  "The program that checks and runs queries."
  :type 'string)

(defcustom tule-indent-offset 2
  "Columns by which what stands in brackets is indented."
  :type 'natnum
  :safe #'natnump)

;; The words are those of the compiler's tables:
;; TULE_BLESS=1 cargo test -p tule-tests --test editors
;; words: begin
(defconst tule--keywords
  '(
    "all" "and" "as" "asc" "between" "by" "case" "current" "default" "desc" "distinct" "else"
    "end" "except" "exclude" "false" "filter" "first" "following" "from" "full" "group" "groups"
    "having" "hint" "ilike" "in" "inner" "intersect" "is" "join" "last" "lateral" "left" "like"
    "limit" "minus" "no" "not" "null" "nulls" "offset" "on" "or" "order" "others" "outer" "over"
    "partition" "preceding" "query" "range" "right" "row" "rows" "search" "select" "then" "ties"
    "true" "unbounded" "union" "when" "where" "with")
  "Every keyword of the language.")

(defconst tule--functions
  '(
    "abs" "area" "avg" "bool_and" "bool_or" "caseless_contains" "caseless_eq" "caseless_ne"
    "caseless_not_one_of" "caseless_one_of" "caseless_starts_with" "ceil" "chr" "coalesce"
    "concave_hull" "contains" "convex_hull" "count" "count_distinct" "crosses"
    "curated_region_test" "date_add" "date_diff_business_days" "date_diff_d" "date_extract_d"
    "date_extract_dow" "date_extract_hh" "date_extract_iso_y" "date_extract_m" "date_extract_mm"
    "date_extract_ss" "date_extract_woy" "date_extract_y" "date_trunc_y" "date_trunc_ym"
    "date_trunc_ymd" "datestamp_day" "datestamp_dow" "datestamp_isoyear" "datestamp_month"
    "datestamp_woy" "datestamp_year" "datez_trunc_y" "datez_trunc_ym" "datez_trunc_ymd"
    "dense_rank" "distance_in_meters" "document_content_type" "document_file_id"
    "document_filename" "epoch_seconds" "extent" "first_value" "floating_timestamp_date"
    "floating_timestamp_day" "floating_timestamp_dow" "floating_timestamp_hour"
    "floating_timestamp_isoyear" "floating_timestamp_minute" "floating_timestamp_month"
    "floating_timestamp_second" "floating_timestamp_time" "floating_timestamp_woy"
    "floating_timestamp_year" "floor" "geo_collection_extract" "geo_make_valid" "geo_multi"
    "get_context" "get_utc_date" "greatest" "human_address" "iif" "intersects" "is_empty" "lag"
    "last_value" "lead" "least" "left_pad" "length" "ln" "location" "location_human_address"
    "location_latitude" "location_longitude" "lower" "make_point" "max" "median" "min" "ntile"
    "nullif" "num_points" "overlaps" "point_latitude" "point_longitude" "polygon_intersection"
    "rank" "reduce_precision" "regr_intercept" "regr_r2" "regr_slope" "replace" "right_pad"
    "round" "row_number" "signed_magnitude_10" "signed_magnitude_linear" "simplify"
    "simplify_preserve_topology" "snap_to_grid" "spatial_union" "split_part" "starts_with"
    "stddev_pop" "stddev_samp" "substring" "sum" "time_hour" "time_minute" "time_second"
    "to_floating_timestamp" "trim" "trim_leading" "trim_trailing" "unaccent" "upper" "url"
    "url_description" "url_url" "visible_at" "width_bucket" "within_box" "within_circle"
    "within_polygon")
  "Every function of the language.")

(defconst tule--types
  '(
    "blob" "boolean" "datestamp" "document" "double" "fixed_timestamp" "floating_timestamp"
    "interval" "json" "line" "multiline" "multipoint" "multipolygon" "number" "photo" "point"
    "polygon" "row_identifier" "row_version" "text" "time")
  "Every type of the language.")
;; words: end

(defvar tule-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?- ". 12b" table)
    (modify-syntax-entry ?/ ". 14" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?' "\"" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?` "\"" table)
    (modify-syntax-entry ?\\ "." table)
    (modify-syntax-entry ?$ "_" table)
    (modify-syntax-entry ?@ "_" table)
    (modify-syntax-entry ?: "." table)
    table)
  "The sorts of characters in queries.")

(defconst tule--font-lock
  `((,(regexp-opt '("true" "false" "null") 'symbols) . font-lock-constant-face)
    (,(regexp-opt tule--keywords 'symbols) . font-lock-keyword-face)
    (,(concat (regexp-opt tule--functions 'symbols) "[ \t\n]*(") 1 font-lock-function-name-face)
    (,(regexp-opt tule--types 'symbols) . font-lock-type-face)
    ("\\_<\\$[[:alpha:]_][[:alnum:]_]*" . font-lock-variable-name-face)
    ("\\_<@[[:alnum:]_-]+" . font-lock-type-face)
    ("\\_<[0-9]+\\(?:\\.[0-9]*\\)?\\(?:[eE][-+]?[0-9]+\\)?\\_>" . font-lock-constant-face))
  "What is coloured, beside texts and comments.")

(defun tule--project (folder)
  "The project of FOLDER as the program sees it, where no other one is known."
  (when-let* ((root (locate-dominating-file folder "tule.toml")))
    (cons 'transient root)))

(defun tule--string-p ()
  "Whether point is in a text or in a comment."
  (nth 8 (syntax-ppss)))

(defun tule-indent-line ()
  "Indent the line by the brackets around it."
  (interactive)
  (let* ((depth (save-excursion
                  (back-to-indentation)
                  (if (tule--string-p) nil
                    (let ((closing (looking-at-p "[])]")))
                      (- (car (syntax-ppss)) (if closing 1 0))))))
         (column (and depth (* tule-indent-offset (max 0 depth)))))
    (cond ((null column) 'noindent)
          ((<= (current-column) (current-indentation)) (indent-line-to column))
          (t (save-excursion (indent-line-to column))))))

(defun tule--statement ()
  "The bounds of the statement at point, as a pair."
  (let ((from (point-min)) (to nil))
    (save-excursion
      (let ((here (point)))
        (goto-char (point-min))
        (while (and (not to) (re-search-forward ";" nil t))
          (unless (save-excursion (backward-char) (tule--string-p))
            (if (< (point) here) (setq from (point)) (setq to (point)))))))
    (cons from (or to (point-max)))))

(defun tule--text ()
  "The statement at point, or an error."
  (pcase-let* ((`(,from . ,to) (tule--statement))
               (text (string-trim (buffer-substring-no-properties from to))))
    (when (string-empty-p text)
      (user-error "No statement here"))
    text))

(defun tule--parameters (text)
  "The names of the parameters that TEXT declares without a default."
  (when (string-match "\\_<query\\_>[^(]*(\\([^)]*\\))" text)
    (let ((declared (split-string (match-string 1 text) "," t "[ \t\n]+")))
      (seq-keep (lambda (one)
                  (and (not (string-match-p "\\_<default\\_>" one))
                       (string-match "\\`\\$\\([[:alnum:]_]+\\)" one)
                       (match-string 1 one)))
                declared))))

(defun tule--call (command &rest arguments)
  "Run the program with COMMAND, the statement at point and ARGUMENTS.
What it printed and what it noted are given as a pair; a failure is an error."
  (let* ((text (tule--text))
         (values (mapcan (lambda (name)
                           (list "--param" (format "%s=%s" name (read-string (concat name ": ")))))
                         (tule--parameters text)))
         (errors (make-temp-file "tule")))
    (unwind-protect
        (with-temp-buffer
          (let ((status (apply #'call-process tule-program nil (list t errors) nil
                               command "--color" "never" (concat "--expression=" text)
                               (append arguments values))))
            (unless (eql status 0)
              (user-error "%s" (with-temp-buffer
                                 (insert-file-contents errors)
                                 (string-trim (buffer-string)))))
            (cons (buffer-string)
                  (with-temp-buffer
                    (insert-file-contents errors)
                    (string-trim (buffer-string))))))
      (delete-file errors))))

(defun tule-run ()
  "Run the statement at point and show its rows."
  (interactive)
  (pcase-let ((`(,rows . ,notes) (tule--call "run" "--format" "table")))
    (with-current-buffer (get-buffer-create "*tule rows*")
      (special-mode)
      (setq truncate-lines t)
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert rows "\n" notes "\n")
        (goto-char (point-min)))
      (display-buffer (current-buffer)))))

(defun tule-copy-url ()
  "Copy the address of the request for the statement at point."
  (interactive)
  (let ((url (string-trim (car (tule--call "compile" "--format" "url")))))
    (kill-new url)
    (message "%s" url)))

(defvar-keymap tule-mode-map
  :doc "Keys in queries."
  "C-c C-c" #'tule-run
  "C-c C-u" #'tule-copy-url)

;;;###autoload
(define-derived-mode tule-mode prog-mode "Tule"
  "Major mode for Tule queries."
  (setq-local comment-start "-- "
              comment-start-skip "\\(?:--+\\|/\\*+\\)[ \t]*"
              indent-line-function #'tule-indent-line
              indent-tabs-mode nil
              font-lock-defaults '(tule--font-lock nil t)
              imenu-generic-expression
              '((nil "^[ \t]*query[ \t\n]+\\([[:alnum:]_]+\\)" 1)))
  (add-hook 'project-find-functions #'tule--project 90 t))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.tule\\'" . tule-mode))

(defun tule--server (&rest _)
  "The command of the language server, as it is set now."
  (list tule-program "lsp"))

(with-eval-after-load 'eglot
  (defvar eglot-server-programs)
  (add-to-list 'eglot-server-programs '(tule-mode . tule--server)))

(provide 'tule-mode)
;;; tule-mode.el ends here

;;; tule-test.el --- The mode and the server in the real editor  -*- lexical-binding: t; -*-

;; emacs -Q --batch -L editors/emacs -l editors/emacs/tests/tule-test.el -f ert-run-tests-batch-and-exit
;; Wants TULE_BIN (the program) and TULE_PROJECT (a project whose portal answers).

(require 'cl-lib)
(require 'ert)
(require 'eglot)
(require 'flymake)
(require 'project)
(require 'tule-mode)

(setq tule-program (getenv "TULE_BIN")
      eglot-sync-connect 30
      eglot-send-changes-idle-time 0.0
      eglot-autoshutdown t
      ;; A test answers `read-string', for which nothing has to be compiled.
      native-comp-enable-subr-trampolines nil)

(defun tule-test--wait (what predicate)
  "Wait until PREDICATE is true, and give its value; WHAT is waited for."
  (let ((end (+ 30 (float-time))) value)
    (while (not (or (setq value (funcall predicate)) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (or value (error "Waited in vain for %s" what))))

(defmacro tule-test--with (file &rest body)
  "Do BODY in a buffer with FILE of the project."
  (declare (indent 1))
  `(let ((buffer (find-file-noselect (expand-file-name ,file (getenv "TULE_PROJECT")))))
     (with-current-buffer buffer
       (unwind-protect (progn ,@body)
         (set-buffer-modified-p nil)
         (kill-buffer buffer)))))

(defmacro tule-test--served (file &rest body)
  "Do BODY in a buffer with FILE, with its server."
  (declare (indent 1))
  `(tule-test--with ,file
     (apply #'eglot--connect (eglot--guess-contact))
     (eglot--maybe-activate-editing-mode)
     (flymake-mode 1)
     (flymake-start)
     (unwind-protect (progn ,@body)
       (eglot-shutdown (eglot-current-server)))))

(defun tule-test--findings ()
  "The findings of this buffer, once there are some."
  (tule-test--wait "diagnostics" #'flymake-diagnostics))

(ert-deftest tule-a-file-has-its-mode-and-colours ()
  (tule-test--with "queries/calls.tule"
    (should (eq major-mode 'tule-mode))
    (should (equal comment-start "-- "))
    (should (file-equal-p (project-root (project-current)) (getenv "TULE_PROJECT")))
    (font-lock-ensure)
    (dolist (sample '(("The latest" . font-lock-comment-face)
                      ("query" . font-lock-keyword-face)
                      ("floating_timestamp" . font-lock-type-face)
                      ("2025-01-01" . font-lock-string-face)
                      ("count" . font-lock-function-name-face)))
      (goto-char (point-min))
      (search-forward (car sample))
      (should (eq (get-text-property (1- (point)) 'face) (cdr sample))))
    (should (assoc "calls_since" (funcall imenu-create-index-function)))))

(ert-deftest tule-brackets-indent ()
  (with-temp-buffer
    (tule-mode)
    (insert "from (\nselect x -- (\nfrom y\n) select upper(\n'a(b'\n);")
    (indent-region (point-min) (point-max))
    (should (equal (buffer-string)
                   "from (\n  select x -- (\n  from y\n) select upper(\n  'a(b'\n);"))))

(ert-deftest tule-a-wrong-column-is-shown-and-repaired ()
  (tule-test--served "queries/bad.tule"
    (let ((found (car (tule-test--findings))))
      (should (string-match-p "no column `call_type_fina_d`" (flymake-diagnostic-text found)))
      (goto-char (flymake-diagnostic-beg found)))
    (let* ((actions (eglot-code-actions (point) (1+ (point)) "quickfix"))
           (fix (seq-find (lambda (one) (string-match-p "call_type_final_d" (plist-get one :title)))
                          actions)))
      (should fix)
      (eglot-execute (eglot--current-server-or-lose) fix))
    (goto-char (point-min))
    (should (search-forward "select call_type_final_d," nil t))))

(ert-deftest tule-a-column-is-completed ()
  (tule-test--served "queries/calls.tule"
    (goto-char (point-max))
    (insert "\nfrom police_calls select first_cr")
    (let* ((capf (tule-test--wait "completion" #'eglot-completion-at-point))
           (all (all-completions "first_cr" (nth 2 capf))))
      (should (member "first_cross_street" (mapcar #'substring-no-properties all)))
      (should-not (member "beat" (mapcar #'substring-no-properties all))))
    (completion-at-point)
    (should (looking-back "select first_cross_street" (line-beginning-position)))))

(ert-deftest tule-a-column-is-explained ()
  (tule-test--served "queries/calls.tule"
    (goto-char (point-min))
    (search-forward "call_type_final_d")
    (backward-char 3)
    (let ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                   (eglot--TextDocumentPositionParams))))
      (should (string-match-p "The final type in words" (format "%S" answer))))))

(ert-deftest tule-a-query-is-laid-out ()
  (tule-test--served "queries/calls.tule"
    (goto-char (point-max))
    (insert "from   police_calls select   beat limit   5;\n")
    (eglot-format-buffer)
    (goto-char (point-max))
    (should (search-backward "from police_calls select beat limit 5;" nil t))))

(ert-deftest tule-an-alias-is-renamed ()
  (tule-test--served "queries/calls.tule"
    (goto-char (point-min))
    (search-forward "as n")
    (backward-char 1)
    (eglot-rename "calls")
    (goto-char (point-min))
    (should (search-forward "count(*) as calls" nil t))
    (should (search-forward "order by calls desc" nil t))))

(ert-deftest tule-a-statement-is-run ()
  (tule-test--with "queries/calls.tule"
    (goto-char (point-min))
    (search-forward "select call_entry_date")
    (cl-letf (((symbol-function 'read-string) (lambda (&rest _) "C1")))
      (tule-run)
      (with-current-buffer "*tule rows*"
        (should (search-forward "call_type_final_d" nil t))
        (goto-char (point-max))
        (should (search-backward "100 rows" nil t)))
      (tule-copy-url))
    (should (string-match-p "/resource/esc4-8x43.json.*C1" (current-kill 0)))))

(ert-deftest tule-a-wrong-statement-is-refused ()
  (tule-test--with "queries/bad.tule"
    (should-error (tule-run) :type 'user-error)))

(ert-deftest tule-the-mode-compiles-without-a-warning ()
  (let* ((compiled (make-temp-file "tule" nil ".elc"))
         (byte-compile-error-on-warn t)
         (byte-compile-dest-file-function (lambda (_) compiled)))
    (unwind-protect
        (should (byte-compile-file (locate-library "tule-mode.el")))
      (delete-file compiled))))

;;; tule-test.el ends here

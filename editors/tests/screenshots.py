"""Takes the pictures of docs/screenshots: `SCREENSHOTS=1 .ci/editors`.

Wants what the tests want, Pillow, and the font DejaVu Sans Mono (OTHER_FONT for rarer letters).
"""

import os
import pathlib

from screen import Screen

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "screenshots"
PROJECT = os.environ["TULE_PROJECT"]
PROGRAM = os.environ["TULE_BIN"]
PARSER = os.environ.get("TULE_PARSER")


def neovim(path, rows=34):
    site = [str(pathlib.Path(PARSER).parents[1])] if PARSER else []
    paths = ",".join(site + [str(ROOT / "editors" / "neovim")])
    command = [os.environ["NVIM"], "--clean", "-n", "--cmd", f"set rtp^={paths} termguicolors"]
    command += ["--cmd", f"lua vim.g.tule = {{ cmd = {{ '{PROGRAM}' }} }}", path]
    screen = Screen(command, 112, rows, cwd=PROJECT)
    screen.wait("from police_calls")
    screen.read(2)
    screen.keys(":set nohlsearch", "Enter")
    return screen


def emacs(path, rows):
    start = f"""(progn (require 'tule-mode)
      (setq tule-program "{PROGRAM}" inhibit-startup-screen t)
      (menu-bar-mode -1) (load-theme 'modus-vivendi t)
      (add-hook 'tule-mode-hook #'eglot-ensure)
      (setq-default eldoc-echo-area-use-multiline-p 3))"""
    folder = str(ROOT / "editors" / "emacs")
    command = [os.environ["EMACS"], "-nw", "-Q", "-L", folder, "--eval", start, path]
    screen = Screen(command, 112, rows, cwd=PROJECT)
    screen.wait("from police_calls")
    screen.read(4)
    return screen


def helix(path, rows):
    screen = Screen([os.environ["HELIX"], path], 112, rows, cwd=PROJECT)
    screen.wait("from police_calls")
    screen.read(2)
    return screen


def take(screen, name):
    screen.read(2)
    screen.picture(OUT / f"{name}.png")
    screen.close()


def neovim_pictures():
    screen = neovim("queries/bad.tule", 14)
    screen.keys(":lua vim.diagnostic.config({ virtual_lines = { current_line = true } })", "Enter")
    screen.keys("j0w", ":echo", "Enter")
    take(screen, "neovim-diagnostic")

    screen = neovim("queries/calls.tule", 26)
    screen.keys("Gofrom police_calls select call_", "C-x", "C-o")
    screen.read(1)
    screen.keys("C-n")
    take(screen, "neovim-completion")

    screen = neovim("queries/calls.tule")
    screen.keys("/select call_entry", "Enter", ":Tule run beat=C1", "Enter")
    screen.wait("100 rows")
    screen.keys("C-w", "j", "Tab", ":echo", "Enter")
    take(screen, "neovim-rows")

    screen = neovim("queries/calls.tule")
    screen.keys("/call_no, priority", "Enter", ":Tule run", "Enter")
    screen.wait("CUT at")
    screen.keys("C-w", "j", "j", "Tab", "s", ":echo", "Enter")
    take(screen, "neovim-cut")

    screen = neovim("queries/calls.tule", 26)
    screen.keys("/from hostile", "Enter", ":Tule run", "Enter")
    screen.wait("11 rows")
    screen.keys("C-w", "j", "C-w", "_", ":echo", "Enter")
    take(screen, "neovim-hostile")

    screen = neovim("queries/calls.tule")
    screen.keys(":Tule datasets", "Enter")
    screen.wait("Calls for Service")
    screen.keys("Enter")
    take(screen, "neovim-datasets")


def emacs_pictures():
    screen = emacs("queries/bad.tule", 14)
    screen.keys("\x0e", "\x06" * 7)
    take(screen, "emacs-diagnostic")

    screen = emacs("queries/calls.tule", 30)
    screen.keys("\x1b<", "\x0e" * 16, "C-c", "C-c")
    take(screen, "emacs-rows")


def helix_pictures():
    screen = helix("queries/bad.tule", 14)
    screen.keys("j", "w", "w")
    take(screen, "helix-diagnostic")

    screen = helix("queries/calls.tule", 26)
    screen.keys("g", "e", "o", "from police_calls select call_t", "C-x")
    screen.read(1)
    screen.keys("C-n")
    take(screen, "helix-completion")


OUT.mkdir(exist_ok=True)
for name, pictures in (("NVIM", neovim_pictures), ("EMACS", emacs_pictures), ("HELIX", helix_pictures)):
    if os.environ.get(name):
        pictures()

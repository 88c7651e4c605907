"""A terminal for programs under test: keys go in, the screen is read, and pictures are taken of it.

Wants pyte; for pictures Pillow and a monospaced font (FONT) as well.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte

KEYS = {
    "Enter": "\r", "Escape": "\x1b", "Tab": "\t", "Space": " ",
    "C-n": "\x0e", "C-x": "\x18", "C-o": "\x0f", "C-c": "\x03", "C-w": "\x17",
}

# Questions to the terminal and modes of newer ones, which pyte does not know.
UNKNOWN = re.compile(rb"\x1b\[[?>=][0-9;]*[cmnpqu]|\x1b\[\??[0-9;]*\$p")


class Screen:
    """A program in a terminal of so many columns and rows."""

    def __init__(self, command, columns=100, rows=30, cwd=None, env=None):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if cwd:
                os.chdir(cwd)
            settings = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", **(env or {}))
            os.execvpe(command[0], command, settings)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Takes in what the program writes for some time; False where it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.fd], [], [], left)
            if ready:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:
                    return False
                if not data:
                    return False
                self.answer(data)
                self.stream.feed(UNKNOWN.sub(b"", data))
        return True

    def answer(self, data):
        """Answers what programs ask of a terminal before they go on."""
        if b"\x1b[c" in data or b"\x1b[0c" in data:
            os.write(self.fd, b"\x1b[?62;22c")
        if b"\x1b[6n" in data:
            os.write(self.fd, b"\x1b[1;1R")

    def keys(self, *keys):
        """Types names of keys and texts, with a breath between them, a short one between letters."""
        for key in keys:
            for stroke in [KEYS[key]] if key in KEYS else key:
                os.write(self.fd, stroke.encode())
                self.read(0.02)
            self.read(0.15)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, wanted, seconds=30):
        """Waits until the screen shows a text, and gives the screen."""
        end = time.monotonic() + seconds
        while wanted not in self.text():
            alive = self.read(0.1)
            if time.monotonic() > end or not alive:
                raise AssertionError(f"`{wanted}` is not on the screen:\n{self.text()}")
        return self.text()

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def picture(self, path, font=None, size=15):
        """Writes the screen as a PNG; OTHER_FONT has the letters that the font has not."""
        from PIL import Image, ImageDraw, ImageFont

        folder = os.path.dirname(font or os.environ.get("FONT", "/usr/share/fonts/truetype/dejavu/x"))
        face = ImageFont.truetype(os.path.join(folder, "DejaVuSansMono.ttf"), size)
        other = ImageFont.truetype(os.environ.get("OTHER_FONT", face.path), size)
        bold = ImageFont.truetype(os.path.join(folder, "DejaVuSansMono-Bold.ttf"), size)
        width = round(face.getlength("M"))
        height = size + 5
        columns, rows = self.screen.columns, self.screen.lines
        image = Image.new("RGB", (columns * width + 16, rows * height + 16), colour("default", "#14161b"))
        draw = ImageDraw.Draw(image)
        for row in range(rows):
            for column in range(columns):
                cell = self.screen.buffer[row][column]
                ink, paper = colour(cell.fg, "#e0e2ea"), colour(cell.bg, "#14161b")
                at_cursor = (row, column) == (self.screen.cursor.y, self.screen.cursor.x)
                if cell.reverse != (at_cursor and not self.screen.cursor.hidden):
                    ink, paper = paper, ink
                x, y = 8 + column * width, 8 + row * height
                draw.rectangle((x, y, x + width - 1, y + height - 1), fill=paper)
                if cell.data.strip():
                    own = bold if cell.bold else face
                    missing = bytes(own.getmask(cell.data)) == bytes(own.getmask("\uffff"))
                    draw.text((x, y + 1), cell.data, fill=ink, font=other if missing else own)
                if cell.underscore:
                    draw.line((x, y + height - 2, x + width - 1, y + height - 2), fill=ink)
        image.save(path, optimize=True)


NAMED = {
    "black": "#14161b", "red": "#ffc0b9", "green": "#b3f6c0", "brown": "#fce094", "blue": "#a6dbff",
    "magenta": "#ffcaff", "cyan": "#8cf8f7", "white": "#eef1f8",
}


def colour(name, default):
    """The colour of a cell as an RGB text."""
    if name == "default":
        return default
    if name in NAMED:
        return NAMED[name]
    if name.startswith("bright") and name[6:] in NAMED:
        return NAMED[name[6:]]
    return "#" + name if len(name) == 6 else default

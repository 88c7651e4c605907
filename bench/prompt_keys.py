"""A key at the prompt, from pressing it to the last byte that the terminal gets.

    python3 bench/prompt_keys.py TULE

Starts the program TULE in a terminal of its own, with 200 locked datasets of 30 columns, pastes a
select of 500 lines and types behind it, one key at a time. Prints the times in milliseconds; ends
with 1 if the 99th percentile is not under 16. Nothing but Python's own library is needed.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time

MOST = 16.0
DATASETS, COLUMNS, LINES = 200, 30, 500
TYPED = "where c1_0 = 'abc' and c3_0 > 5 "
ROUNDS = 12
ROWS, WIDTH = 40, 120


def project(folder):
    """Datasets that are locked, so that nothing is asked for."""
    names = "".join(f'd{i} = "s/aaaa-{i:04d}"\n' for i in range(DATASETS))
    with open(f"{folder}/tule.toml", "w") as file:
        file.write('[portals.s]\nurl = "https://data.example.org"\nkind = "socrata"\n\n')
        file.write(f"[datasets]\n{names}")
    with open(f"{folder}/tule.lock", "w") as file:
        file.write("version = 1\n")
        for i in range(DATASETS):
            file.write(f'\n[dataset."data.example.org/aaaa-{i:04d}"]\ntitle = "Data {i}"\n')
            file.write("columns = [\n")
            for k in range(COLUMNS):
                type_name = "number" if k % 3 == 0 else "text"
                name = f"c{k}_{i % 7}"
                file.write(f'  {{ name = "{name}", type = "{type_name}", label = "Column {k}" }},\n')
            file.write("]\n")


def statement():
    lines = ["from d7 select c0_0,"]
    for k in range(LINES - 3):
        lines.append(f"  case when c{1 + k % 2}_0 = 'v{k}' then c{3 * (k % 10)}_0 else {k} end as r{k},")
    return "\n".join([*lines, "  c5_0 as last", ""])


class Terminal:
    def __init__(self, program, folder):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", HOME=folder, XDG_STATE_HOME=folder)
            os.execv(program, [program, "repl", "--offline"])
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, WIDTH, 0, 0))

    def last_byte(self, quiet, first=5.0):
        """The time of the last byte before it was quiet for so many seconds."""
        last = None
        while True:
            ready, _, _ = select.select([self.end], [], [], quiet if last else first)
            if not ready:
                return last
            got = os.read(self.end, 1 << 16)
            last = time.perf_counter()
            if b"\x1b[6n" in got:
                os.write(self.end, b"\x1b[5;1R")

    def processor(self):
        """Milliseconds of processor time that the program has taken so far (Linux)."""
        with open(f"/proc/{self.child}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1e3 / os.sysconf("SC_CLK_TCK")

    def press(self, key, quiet=0.06):
        """Milliseconds from the key to the last byte that it causes."""
        start = time.perf_counter()
        os.write(self.end, key)
        last = self.last_byte(quiet)
        if last is None:
            sys.exit(f"nothing was drawn for {key!r}")
        return (last - start) * 1e3


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        project(folder)
        terminal = Terminal(program, folder)
        terminal.last_byte(0.5)
        pasted = terminal.press(b"\x1b[200~" + statement().encode() + b"\x1b[201~", 0.5)
        print(f"paste of {LINES} lines: {pasted:.1f}")
        times, before = [], terminal.processor()
        for _ in range(ROUNDS):
            times += [terminal.press(key.encode()) for key in TYPED]
            times += [terminal.press(b"\x7f") for _ in TYPED]
        worked = (terminal.processor() - before) / len(times)
        os.kill(terminal.child, 9)
        os.waitpid(terminal.child, 0)
    times.sort()
    at = lambda part: times[min(len(times) - 1, int(len(times) * part))]
    print(f"{len(times)} keys: p50 {at(0.5):.1f}, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}, most {times[-1]:.1f}")
    print(f"processor time of a key, in the mean: {worked:.1f}")
    sys.exit(at(0.99) >= MOST)


main()

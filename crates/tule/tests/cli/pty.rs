//! A terminal in memory, with the program in front of it.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Callbacks, Parser, Screen};

use crate::common::Folder;

/// Longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";
pub(crate) const CTRL_R: &str = "\x12";
pub(crate) const TAB: &str = "\t";
pub(crate) const ENTER: &str = "\r";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const RIGHT: &str = "\x1b[C";

type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// What the screen is asked, answered as a terminal answers.
struct Answers {
    writer: Writer,
    titles: usize,
    /// Questions that come to nothing.
    lost: usize,
}

impl Callbacks for Answers {
    fn set_window_title(&mut self, _: &mut Screen, _: &[u8]) {
        self.titles += 1;
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        _: Option<u8>,
        _: Option<u8>,
        parameters: &[&[u16]],
        kind: char,
    ) {
        if kind == 'n' && parameters == [[6]] {
            if self.lost > 0 {
                self.lost -= 1;
                return;
            }
            let (row, column) = screen.cursor_position();
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            let _ = self.writer.lock().unwrap().write_all(answer.as_bytes());
        }
    }
}

/// The program in a terminal. It is killed with the test.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Writer,
    parser: Arc<Mutex<Parser<Answers>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

impl Terminal {
    /// Starts the program in a folder, in a terminal of 100 columns and 30 lines.
    pub(crate) fn start(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_losing(0, folder, arguments, variables)
    }

    /// The same in a terminal that does not hear the first questions.
    pub(crate) fn start_losing(
        lost: usize,
        folder: &Folder,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tule"));
        command.args(arguments);
        command.cwd(folder.path(""));
        for name in
            ["NO_COLOR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "TULE_CACHE"]
        {
            command.env_remove(name);
        }
        command.env("HOME", folder.path(""));
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        command.env("PAGER", "cat");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let writer: Writer = Arc::new(Mutex::new(pair.master.take_writer().unwrap()));
        let answers = Answers { writer: Arc::clone(&writer), titles: 0, lost };
        let parser = Parser::new_with_callbacks(cells(30), cells(100), 2_000, answers);
        let parser = Arc::new(Mutex::new(parser));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (screen, all) = (Arc::clone(&parser), Arc::clone(&bytes));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 {
                    break;
                }
                let new = buffer.get(..length).unwrap_or(&[]);
                all.lock().unwrap().extend_from_slice(new);
                screen.lock().unwrap().process(new);
            }
        });
        Self { master: pair.master, child, writer, parser, bytes }
    }

    /// Presses keys.
    pub(crate) fn keys(&self, text: &str) -> &Self {
        self.writer.lock().unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    /// Types a line and submits it.
    pub(crate) fn line(&self, text: &str) -> &Self {
        self.keys(text).keys(ENTER)
    }

    /// Pastes a text, as terminals do when they are asked to bracket it.
    pub(crate) fn paste(&self, text: &str) -> &Self {
        self.keys(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    /// Everything that was printed, with its commands to the terminal.
    pub(crate) fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    /// How often the program, or somebody through it, gave the window a title.
    pub(crate) fn titles(&self) -> usize {
        self.parser.lock().unwrap().callbacks().titles
    }

    /// Waits for a text on the screen.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> &Self {
        self.until(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as wanted.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> &Self {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return self;
            }
            assert!(begun.elapsed() < PATIENCE, "waited for {what}; the screen:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for an empty prompt of this name on the last line that is written on.
    #[track_caller]
    pub(crate) fn ready(&self, name: &str) -> &Self {
        let sign = format!("{name}>");
        self.until("a prompt", |screen| {
            screen.trim_end().lines().last().is_some_and(|line| line.trim_end() == sign)
        })
    }

    /// Makes the terminal of another size.
    pub(crate) fn resize(&self, rows: u16, cols: u16) -> &Self {
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self.parser.lock().unwrap().screen_mut().set_size(cells(rows), cells(cols));
        self
    }

    /// Ends the program as nothing can be caught.
    pub(crate) fn kill(&mut self) {
        let id = self.child.process_id().unwrap();
        let killed = std::process::Command::new("kill").args(["-9", &id.to_string()]).status();
        assert!(killed.unwrap().success());
        self.child.wait().unwrap();
    }

    /// Asks the program to end.
    pub(crate) fn terminate(&self) {
        let id = self.child.process_id().unwrap();
        let killed = std::process::Command::new("kill").arg(id.to_string()).status();
        assert!(killed.unwrap().success());
    }

    /// Waits for the end, and gives the exit code.
    pub(crate) fn ends(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end; the screen:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! A PostgreSQL server of the test's own: a new cluster in a temporary folder, reached by a socket
//! in it, gone when the test ends.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    /// Whether the server has the geographic functions.
    pub(crate) postgis: bool,
}

/// Runs a statement and gives its result as text, or the error.
const TRY: &str = "
create function tule_try(statement text) returns text language plpgsql as $$
declare result text;
begin
    execute statement into result;
    return coalesce(result, '<null>');
exception when others then
    return 'ERROR ' || sqlerrm;
end $$;
";

impl Server {
    /// A running server; `None` where there is no such program, or it does not start.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().ok()?;
        // The server refuses to run as root, and then belongs to the user it comes with.
        if root() {
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().ok()?;
            owned.success().then_some(())?;
        }
        let mut server = Self { folder, programs, postgis: false };
        let data = server.folder.path().join("data");
        server.run(
            "initdb",
            &["-A", "trust", "-U", "tule", "-E", "UTF8", "--locale=C.UTF-8", "-D"],
            &data,
        )?;
        let socket = server.folder.path().display().to_string();
        let options = format!("-k {socket} -c listen_addresses='' -c fsync=off");
        let log = server.folder.path().join("log").display().to_string();
        server.run("pg_ctl", &["-w", "-o", &options, "-l", &log, "start", "-D"], &data)?;
        server.script("create extension unaccent").then_some(())?;
        server.postgis = server.script("create extension postgis");
        server.script(TRY).then_some(server)
    }

    /// A program of the server, as a user that it accepts.
    fn run(&self, program: &str, arguments: &[&str], data: &Path) -> Option<()> {
        let program = self.programs.join(program);
        let mut command = if root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).arg(data).current_dir("/").stdin(Stdio::null());
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        status.success().then_some(())
    }

    fn client(&self) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.args([
            "-X",
            "-A",
            "-t",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "tule",
            "-d",
            "postgres",
            "-h",
        ]);
        command.arg(self.folder.path());
        command
    }

    fn script(&self, statements: &str) -> bool {
        let status = self.client().args(["-c", statements]).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// The result of each expression as text: `<null>` for null, `ERROR` and a message for a fault.
    pub(crate) fn answers<'a>(&self, expressions: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut script = String::from(
            "set timezone = 'UTC'; set intervalstyle = 'iso_8601'; set extra_float_digits = 1;\n",
        );
        for expression in expressions {
            // Results may have line breaks, which would look like two.
            script.push_str("select replace(tule_try($tule$select ");
            script.push_str(expression);
            script.push_str("$tule$), E'\\n', '\\n');\n");
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(script.as_bytes()).unwrap();
        let output = self.client().arg("-f").arg(file.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let _ = self.run("pg_ctl", &["-m", "immediate", "stop", "-D"], &data);
    }
}

fn root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.flatten().map(|entry| entry.path()).max_by_key(version)?.join("bin");
    newest.join("initdb").exists().then_some(newest)
}

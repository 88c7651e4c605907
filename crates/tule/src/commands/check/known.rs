//! The baseline on the command line: reading, writing, shrinking.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::atomic;
use crate::baseline::Baseline;
use crate::exit::{Exit, Outcome, Stop};
use crate::output::{FAINT, Output, WARNING};
use crate::project::Project;
use crate::render::summary::count;
use crate::report::FileReport;
use crate::source::shown;

#[derive(Debug, Args)]
#[command(next_help_heading = "Baseline")]
#[group(id = "baseline_arguments")]
pub(super) struct Arguments {
    /// A file of findings that are known and not to be reported
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write everything that is found to the baseline, and exit with 0
    #[arg(long, requires = "baseline", conflicts_with_all = ["shrink_baseline", "strict_baseline", "fix", "diff"])]
    write_baseline: bool,
    /// Remove from the baseline what is no longer found; never adds to it
    #[arg(long, requires = "baseline", conflicts_with_all = ["fix", "diff"])]
    shrink_baseline: bool,
    /// For CI: exit with 1 when the baseline holds what is no longer found
    #[arg(long, requires = "baseline", conflicts_with_all = ["fix", "diff"])]
    strict_baseline: bool,
}

impl Arguments {
    /// Whether the baseline is made from what is found.
    pub(super) fn is_written(&self) -> bool {
        self.write_baseline
    }

    /// Whether this is the file of the baseline.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        let place = self.baseline.as_ref().and_then(|baseline| baseline.canonicalize().ok());
        place.is_some_and(|place| place == path)
    }
}

/// The baseline of a run.
#[derive(Debug, Default)]
pub(super) struct Known {
    baseline: Baseline,
    /// Whether findings are compared with it.
    used: bool,
}

impl Known {
    pub(super) fn load(arguments: &Arguments) -> Outcome<Self> {
        let Some(path) = &arguments.baseline else { return Ok(Self::default()) };
        let used = !arguments.write_baseline;
        match Baseline::read(path) {
            Ok(Some(baseline)) => Ok(Self { baseline, used }),
            Ok(None) if used => Err(Stop::usage(format!("no baseline `{}`", shown(path)))
                .help("`--write-baseline` creates it")),
            Ok(None) => Ok(Self::default()),
            // What is to be replaced need not be sound.
            Err(Stop::Usage { .. }) if !used => Ok(Self::default()),
            Err(stop) => Err(stop),
        }
    }

    /// What findings are compared with.
    pub(super) fn accepted(&self) -> Option<&Baseline> {
        self.used.then_some(&self.baseline)
    }

    /// Writes the baseline, or says what could be removed from it; the run ends with `exit` unless
    /// that has something to say.
    pub(super) fn finish(
        &self,
        out: &mut Output,
        arguments: &Arguments,
        project: &Project,
        files: &[FileReport],
        exit: Exit,
    ) -> Outcome {
        let Some(path) = &arguments.baseline else { return Ok(exit) };
        let root = project.root.as_deref().unwrap_or(Path::new("."));
        let name = shown(path);
        let shrunk = self.baseline.shrunk(files, root);
        if arguments.write_baseline {
            let baseline = Baseline::of(files, &shrunk);
            atomic::write(path, &baseline.text()?)?;
            let all = count(baseline.len(), "finding", "findings");
            out.tell(&out.paint_error.on(FAINT, &format!("{all} written to `{name}`\n")))?;
            return Ok(Exit::Clean);
        }
        let gone = self.baseline.len() - shrunk.len();
        if gone == 0 {
            return Ok(exit);
        }
        let all = count(gone, "finding", "findings");
        if arguments.shrink_baseline {
            atomic::write(path, &shrunk.text()?)?;
            out.tell(&out.paint_error.on(FAINT, &format!("{all} removed from `{name}`\n")))?;
            return Ok(exit);
        }
        let text = format!("{all} of `{name}` no longer found; `--shrink-baseline` removes them");
        out.tell_line(WARNING, "warning", &text)?;
        Ok(if arguments.strict_baseline { Exit::Findings } else { exit })
    }
}

//! Levels of lints from the command line.
//!
//! They are laid over those of `tule.toml`, so that nothing else has to know where a level came
//! from. Of several for one lint the last counts, across the three options.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use tule_core::schema::manifest::LintLevel;

use crate::exit::{Outcome, Stop};
use crate::project::{Project, lint_fault};

const OPTIONS: [(&str, char, LintLevel, &str); 3] = [
    ("allow", 'A', LintLevel::Allow, "Do not report a lint"),
    ("warn", 'W', LintLevel::Warn, "Report a lint as a warning"),
    ("deny", 'D', LintLevel::Error, "Report a lint as an error"),
];
const DENY_WARNINGS: &str = "deny_warnings";

/// What the command line says of lints.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    /// In the order of the command line.
    levels: Vec<(String, LintLevel)>,
    /// Whether warnings fail the run.
    pub(super) deny_warnings: bool,
}

impl Levels {
    /// Lays them over those of the project.
    pub(super) fn apply(&self, project: &mut Project) -> Outcome<()> {
        for (name, level) in &self.levels {
            if name == "warnings" && *level == LintLevel::Error {
                return Err(Stop::usage("no lint `warnings`")
                    .help("`--deny-warnings` makes every warning fail the run"));
            }
            if let Some(fault) = lint_fault(name) {
                let stop = Stop::usage(fault.message);
                return Err(if fault.help.is_empty() { stop } else { stop.help(fault.help) });
            }
            let manifest = project.manifest.get_or_insert_default();
            manifest.lints.insert(name.clone(), *level);
        }
        Ok(())
    }
}

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        let command = command.next_help_heading("Lints");
        let command = OPTIONS.into_iter().fold(command, |command, (name, short, _, help)| {
            let option = Arg::new(name).long(name).short(short).value_name("CODE").help(help);
            command.arg(option.action(ArgAction::Append))
        });
        command.arg(
            Arg::new(DENY_WARNINGS)
                .long("deny-warnings")
                .help("Exit with 1 when there are warnings")
                .action(ArgAction::SetTrue),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut levels = Vec::new();
        for (name, _, level, _) in OPTIONS {
            let places = matches.indices_of(name).into_iter().flatten();
            let codes = matches.get_many::<String>(name).into_iter().flatten();
            levels.extend(places.zip(codes).map(|(place, code)| (place, code.clone(), level)));
        }
        levels.sort_by_key(|(place, ..)| *place);
        Ok(Self {
            levels: levels.into_iter().map(|(_, code, level)| (code, level)).collect(),
            deny_warnings: matches.get_flag(DENY_WARNINGS),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

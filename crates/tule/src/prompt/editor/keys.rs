//! The keys: those of Emacs, as in shells, with completion on Tab.

use reedline::{
    EditCommand, EditMode, Emacs, KeyCode, KeyModifiers, PromptEditMode, ReedlineEvent,
    ReedlineRawEvent, default_emacs_keybindings,
};

use crate::escape::inert_lines;

/// The keys of the prompt.
pub(super) struct Keys(Emacs);

impl Keys {
    /// With `menu` on Tab.
    pub(super) fn new(menu: &str) -> Self {
        let mut keys = default_emacs_keybindings();
        let tab = vec![ReedlineEvent::Menu(menu.to_owned()), ReedlineEvent::MenuNext];
        keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, ReedlineEvent::UntilFound(tab));
        keys.add_binding(KeyModifiers::SHIFT, KeyCode::BackTab, ReedlineEvent::MenuPrevious);
        let newline = ReedlineEvent::Edit(vec![EditCommand::InsertNewline]);
        keys.add_binding(KeyModifiers::ALT, KeyCode::Enter, newline);
        Self(Emacs::new(keys))
    }
}

impl EditMode for Keys {
    fn parse_event(&mut self, event: ReedlineRawEvent) -> ReedlineEvent {
        match self.0.parse_event(event) {
            ReedlineEvent::Edit(commands) => {
                ReedlineEvent::Edit(commands.into_iter().map(harmless).collect())
            }
            event => event,
        }
    }

    fn edit_mode(&self) -> PromptEditMode {
        self.0.edit_mode()
    }
}

/// What is pasted may come from anywhere: nothing in it is obeyed by a terminal.
fn harmless(command: EditCommand) -> EditCommand {
    match command {
        EditCommand::InsertString(text) => {
            EditCommand::InsertString(inert_lines(&text.replace('\t', "    ")).into_owned())
        }
        command => command,
    }
}

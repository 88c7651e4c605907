//! Portals for tests: none, and ones that answer as a test says.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tule_core::check::OutputColumn;
use tule_core::rows::Value;
use tule_core::schema::{Column, Dataset};
use tule_core::target::Target;
use tule_core::types::Type;

use crate::portals::{
    Compiled, Control, End, Exported, Extent, Fault, Place, Portals, Progress, Project, Query,
    Search, Table, Trust,
};

/// A door that calls wait behind.
#[derive(Default)]
pub(super) struct Door {
    open: Mutex<bool>,
    turned: Condvar,
}

impl Door {
    pub(super) fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.turned.notify_all();
    }

    /// Waits until it is opened; whether it was, rather than the call told to stop.
    fn pass(&self, control: &Control) -> bool {
        let mut open = self.open.lock().unwrap();
        while !*open && !control.stop().is_set() {
            open = self.turned.wait_timeout(open, Duration::from_millis(10)).unwrap().0;
        }
        *open
    }
}

/// Portals that give what they are told to give, and count what they are asked.
#[derive(Default)]
pub(super) struct Scripted {
    /// Schemas by place; others are not there.
    pub(super) datasets: Mutex<Vec<Dataset>>,
    /// Behind which schemas wait, if anybody holds it.
    pub(super) schemas_wait: Option<Arc<Door>>,
    /// Behind which runs wait.
    pub(super) runs_wait: Option<Arc<Door>>,
    /// Places of schemas that were asked for.
    pub(super) asked: Mutex<Vec<String>>,
    pub(super) searched: Mutex<Vec<String>>,
    pub(super) trust: Mutex<Vec<Trust>>,
    pub(super) locked: Mutex<Vec<Option<usize>>>,
    pub(super) running: AtomicUsize,
    pub(super) stopped: AtomicBool,
    pub(super) folder: Option<PathBuf>,
    /// Whether a run panics.
    pub(super) faulty: bool,
}

/// A dataset with a column of text and one of numbers.
pub(super) fn dataset(host: &str, id: &str) -> Dataset {
    let columns = vec![Column::new("beat", Type::Text), Column::new("n", Type::Number)];
    Dataset::new(host, id, "Calls for service", columns)
}

impl Portals for Scripted {
    fn compile(&self, query: &Query, _: Option<Target>) -> Result<Compiled, Fault> {
        let values = query.parameters.len();
        Ok(Compiled {
            document: serde_json::json!({ "version": 1, "requests": [{ "target": "soda2" }] }),
            url: format!("https://portal.example/?values={values}"),
            curl: "curl https://portal.example/".to_owned(),
            warnings: Vec::new(),
        })
    }

    fn run(&self, query: &Query, extent: Extent, control: &Control) -> Result<Table, Fault> {
        assert!(!self.faulty, "asked for by a test");
        self.running.fetch_add(1, Ordering::SeqCst);
        control.tell(Progress { message: "1 row".to_owned(), percent: None });
        if let Some(door) = &self.runs_wait
            && !door.pass(control)
        {
            self.stopped.store(true, Ordering::SeqCst);
            return Err(Fault::cancelled());
        }
        let column = |name: &str, ty| OutputColumn { name: name.into(), ty: Some(ty) };
        let row = vec![Value::Text("C1".into()), Value::Number("1.50".into())];
        let rows: Vec<_> = (0..3_u64.min(extent.rows)).map(|_| row.clone()).collect();
        let catalog = &query.project.world.catalog;
        Ok(Table {
            columns: vec![column("beat", Type::Text), column("n", Type::Number)],
            end: if extent.rows < 3 { End::More } else { End::Cut(3) },
            rows,
            notes: vec!["a note".to_owned()],
            bytes: 9,
            text: extent.text.then(|| "beat  n\n".to_owned()),
            datasets: catalog.datasets().cloned().collect(),
        })
    }

    fn export(&self, _: &Query, format: &str, _: &Path, _: &Control) -> Result<Exported, Fault> {
        if format != "csv" {
            return Err(Fault::new("unknown-format", format!("no form `{format}`")));
        }
        Ok(Exported { rows: 3, bytes: 30, end: End::Whole })
    }

    fn schemas(
        &self,
        project: &Project,
        wanted: &[Place],
        control: &Control,
    ) -> Vec<Result<Dataset, Fault>> {
        self.trust.lock().unwrap().push(project.trust.clone());
        self.asked.lock().unwrap().extend(wanted.iter().map(ToString::to_string));
        if let Some(door) = &self.schemas_wait
            && !door.pass(control)
        {
            return wanted.iter().map(|_| Err(Fault::cancelled())).collect();
        }
        let datasets = self.datasets.lock().unwrap();
        let find = |place: &Place| {
            let same = |d: &&Dataset| d.host == place.host && d.id == place.id;
            datasets.iter().find(same).cloned().ok_or_else(|| Fault::new(Fault::PORTAL, "gone"))
        };
        wanted.iter().map(find).collect()
    }

    fn search(&self, _: &Project, search: &Search, _: &Control) -> Result<Vec<Dataset>, Fault> {
        self.searched.lock().unwrap().push(search.words.clone());
        Ok(self.datasets.lock().unwrap().clone())
    }

    fn lock(
        &self,
        project: &Project,
        only: Option<&[Place]>,
        _: &Control,
    ) -> Result<Vec<Place>, Fault> {
        self.locked.lock().unwrap().push(only.map(<[Place]>::len));
        let datasets = self.datasets.lock().unwrap();
        let path = project.root.as_ref().unwrap().join("tule.lock");
        std::fs::write(path, tule_core::schema::lock::write(&datasets)).unwrap();
        let place = |d: &Dataset| Place { host: d.host.clone(), id: d.id.clone() };
        Ok(datasets.iter().map(place).collect())
    }

    fn cache(&self) -> Option<PathBuf> {
        self.folder.clone()
    }
}

//! A site of a test's own, in a folder that goes with it.

#![allow(dead_code, reason = "each test program uses what it needs of it")]

use alertbook::pipeline::{self, Checked, Project, default_output};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder with a site.
pub struct Site {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit status.
    pub status: i32,
    /// What it printed, standard error last.
    pub printed: String,
}

impl Site {
    /// A site of these files, each with its path and its text; its content folder is there.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(site.path().join("content")).unwrap();
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What a file of it says.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// It as a project, with the usual output folder.
    pub fn project(&self) -> Project {
        let site = self.path().to_owned();
        Project { out: default_output(&site), site, base_url: None }
    }

    /// Reads and checks it in this process.
    pub fn check(&self) -> Checked {
        pipeline::check(&self.project()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Publishes it into a folder.
    pub fn publish(&self, out: &Path) -> Checked {
        let project = Project { out: out.to_owned(), ..self.project() };
        let checked = pipeline::check(&project).unwrap_or_else(|error| panic!("{error}"));
        pipeline::publish(&project, &checked, &|_| ()).unwrap();
        checked
    }

    /// Runs `alertbook` in it, with nothing else in the environment than what is given.
    pub fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_alertbook"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("COLUMNS", "100")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            status: output.status.code().unwrap(),
            printed: text(&output.stdout) + &text(&output.stderr),
        }
    }
}

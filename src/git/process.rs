//! The `git` program.

use crate::failure::{Failure, why};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What became of a command.
pub(super) enum Ran {
    /// What it printed.
    Done(Vec<u8>),
    /// What it said when it failed.
    Failed(String),
}

/// A process that ends with this value.
pub(super) struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command that begins with `git`, in a folder.
pub(super) fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).env("LC_ALL", "C");
    git
}

/// What a command prints; its failure is an error.
pub(super) fn done(command: &mut Command, input: &[u8]) -> Result<Vec<u8>, Failure> {
    match run(command, input)? {
        Ran::Done(printed) => Ok(printed),
        Ran::Failed(said) => Err(Failure::World(format!("git fails: {}", said.trim()))),
    }
}

/// The one line that a command prints.
pub(super) fn line(printed: &[u8]) -> String {
    String::from_utf8_lossy(printed).trim().to_owned()
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command, input: &[u8]) -> Result<Ran, Failure> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(cant)?;
    let mut stdin = child.stdin.take();
    // Both ends move at once, or a full pipe would stop them.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(stdin) = &mut stdin {
                // Whoever stops reading says why by its status.
                let _ = stdin.write_all(input);
            }
        });
        child.wait_with_output()
    });
    let output = output.map_err(cant)?;
    Ok(if output.status.success() {
        Ran::Done(output.stdout)
    } else {
        Ran::Failed(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}

/// What keeps git from being run.
#[expect(clippy::needless_pass_by_value, reason = "errors are mapped with it")]
pub(super) fn cant(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::World("there is no `git` here".to_owned()),
        _ => Failure::World(format!("can't run git: {}", why(&error))),
    }
}

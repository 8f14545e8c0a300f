//! Builds one npm project into its `dist/`, and does nothing where nothing changed. It must not know what is built.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node.js that the bundler runs on, as major and minor.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Folders whose changes make no difference to the bundle: what npm and the build write, and what the program itself
/// takes from beside the bundle.
const NOT_SOURCES: [&str; 4] = ["node_modules", "dist", "plain", "examples"];

#[cfg(windows)]
const NPM: &str = "npm.cmd";
#[cfg(not(windows))]
const NPM: &str = "npm";

/// What there was to do.
pub enum Done {
    Built,
    UpToDate,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Built => "built",
            Self::UpToDate => "up to date",
        })
    }
}

/// Why there is no new bundle; the message says what to do about it.
pub enum NotBuilt {
    NoNode,
    NoNpm,
    OldNode { found: String },
    NpmFailed { step: &'static str },
    Unreadable(io::Error),
}

impl fmt::Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = OLDEST_NODE;
        match self {
            Self::NoNode => write!(f, "not built: Node.js {major}.{minor} or newer is not installed."),
            Self::NoNpm => write!(f, "not built: Node.js is there, but its npm is not."),
            Self::OldNode { found } => {
                write!(f, "not built: Node.js {major}.{minor} or newer is needed, {found} is installed.")
            }
            Self::NpmFailed { step } => write!(f, "not built: `npm {step}` failed, its words are above."),
            Self::Unreadable(why) => write!(f, "not built: its folder cannot be read: {why}."),
        }
    }
}

impl From<io::Error> for NotBuilt {
    fn from(why: io::Error) -> Self {
        Self::Unreadable(why)
    }
}

/// Brings `project/dist` up to date: installs the packages the lock file names where that has changed, and bundles
/// where a source is newer than the bundle.
pub fn build(project: &Path) -> Result<Done, NotBuilt> {
    let bundled_at = modified(&project.join("dist/index.html"))?;
    if bundled_at.is_some_and(|at| matches!(newest_source(project), Ok(source) if source <= at)) {
        return Ok(Done::UpToDate);
    }
    check_node()?;
    let name = project.file_name().unwrap_or(project.as_os_str()).display();
    let lock_changed_at = modified(&project.join("package-lock.json"))?;
    let installed_at = modified(&project.join("node_modules/.package-lock.json"))?; // npm writes it last
    if installed_at.is_none() || installed_at < lock_changed_at {
        eprintln!("{name}: installing its packages with npm, which happens once ...");
        npm(project, "ci")?;
    }
    eprintln!("{name}: bundling ...");
    npm(project, "run build")?;
    Ok(Done::Built)
}

fn check_node() -> Result<(), NotBuilt> {
    let output = Command::new("node").arg("--version").output().map_err(|_| NotBuilt::NoNode)?;
    let found = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&found) {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        _ => Err(NotBuilt::OldNode { found }),
    }
}

/// Major and minor of what `node --version` prints, such as `v20.20.2`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn npm(project: &Path, step: &'static str) -> Result<(), NotBuilt> {
    let status = Command::new(NPM)
        .args(["--silent", "--no-progress"])
        .args(step.split(' '))
        .current_dir(project)
        .status()
        .map_err(|_| NotBuilt::NoNpm)?;
    if status.success() { Ok(()) } else { Err(NotBuilt::NpmFailed { step }) }
}

/// When the youngest file that the bundle is made of was changed.
fn newest_source(folder: &Path) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let changed = if entry.file_type()?.is_dir() {
            if NOT_SOURCES.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            newest_source(&entry.path())?
        } else {
            entry.metadata()?.modified()?
        };
        newest = newest.max(changed);
    }
    Ok(newest)
}

/// When a file was changed; `None` where there is none.
fn modified(file: &Path) -> io::Result<Option<SystemTime>> {
    match fs::metadata(file) {
        Ok(metadata) => metadata.modified().map(Some),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        let cases = [
            ("v20.20.2", true),
            ("v20.19.0", true),
            ("v22.4.1", true),
            ("v100.0.0", true),
            ("v20.9.0", false),
            ("v18.20.4", false),
            ("20.20.2", false),
            ("", false),
        ];
        for (text, enough) in cases {
            assert_eq!(version(text).is_some_and(|found| found >= OLDEST_NODE), enough, "{text:?}");
        }
    }
}

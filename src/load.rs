//! The only reader of site files: from a folder to what a site is parsed from.
//!
//! Everything is read before anything is parsed, in a fixed order, so that the same folder gives
//! the same site on every machine.

mod files;
pub mod jekyll;
mod overlooked;
mod walk;

pub use files::Files;

use crate::config::{self, Config, SitePath};
use crate::diag::Diagnostic;
use crate::failure::Failure;
use crate::liquid::DATA_ENDINGS;
use crate::markdown::FrontMatter;
use crate::paths::relative;
use crate::render::Theme;
use crate::source::Source;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walk::{content_paths, files_below, rule_paths};

/// The name of the configuration at the site's root.
pub const CONFIGURATION: &str = "alertbook.yaml";

/// The list of what was published, one path in a line, in a folder that holds a published site.
pub const PUBLISHED: &str = ".alertbook-files";

/// The folder of the site's own templates, below its root.
pub const TEMPLATES: &str = "templates";

/// The folder of the site's own files of the theme, below its root.
pub const ASSETS: &str = "static";

/// The largest file that is read as text; places are kept in 32 bits.
const LARGEST_TEXT: usize = u32::MAX as usize;

/// What a site is made of, read and not yet parsed.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The folder of the site.
    pub site: PathBuf,
    /// The configuration.
    pub config: Arc<Config>,
    /// The file that it stands in.
    pub configuration: Arc<Source>,
    /// Runbooks, each with its path below the content folder.
    pub runbooks: Vec<(String, Arc<Source>)>,
    /// Rule files.
    pub rule_files: Vec<Arc<Source>>,
    /// What servers have loaded, written down as rule files; nothing before they are asked.
    pub loaded_rules: Vec<Arc<Source>>,
    /// Data files, each with its path below the data folder; none without such a folder.
    pub data: Option<Vec<(String, Arc<Source>)>>,
    /// The inventory of metrics, if there is one.
    pub metrics: Option<Arc<Source>>,
    /// Files to be copied: the output path and where the file is.
    pub files: Vec<(String, PathBuf)>,
    /// The theme, with the site's own files in place.
    pub theme: Arc<Theme>,
    /// What somebody should know that is no finding about a file.
    pub warnings: Vec<String>,
    /// The folders that were looked into, and those that would have been if they were there: a file
    /// that belongs to the site can come up in one of these, and nowhere else.
    pub folders: BTreeSet<PathBuf>,
}

impl Inputs {
    /// Whether a site of these inputs is the same one, as far as one builder read both. What the
    /// files to be copied hold is not looked at.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.other_runbooks(other).is_some_and(|others| others.is_empty())
    }

    fn is_same_beside_runbooks(&self, other: &Self) -> bool {
        // Taken apart, so that whoever adds an input is asked here whether it matters. The folder and
        // the configuration, which is read off its text, are those of the builder.
        let Self {
            site: _,
            config: _,
            configuration,
            runbooks: _,
            rule_files,
            loaded_rules,
            data,
            metrics,
            files,
            theme,
            warnings,
            folders,
        } = self;
        let same = |(a, b): (&Arc<Source>, &Arc<Source>)| Arc::ptr_eq(a, b);
        let same_named = |a: &[(String, Arc<Source>)], b: &[(String, Arc<Source>)]| {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((a_name, a), (b_name, b))| a_name == b_name && same((a, b)))
        };
        let loaded = |(a, b): (&Arc<Source>, &Arc<Source>)| a.text() == b.text();
        Arc::ptr_eq(configuration, &other.configuration)
            && rule_files.len() == other.rule_files.len()
            && rule_files.iter().zip(&other.rule_files).all(same)
            && loaded_rules.len() == other.loaded_rules.len()
            && loaded_rules.iter().zip(&other.loaded_rules).all(loaded)
            && data.is_some() == other.data.is_some()
            && same_named(data.as_deref().unwrap_or(&[]), other.data.as_deref().unwrap_or(&[]))
            && metrics.is_some() == other.metrics.is_some()
            && metrics.iter().zip(&other.metrics).all(same)
            && *files == other.files
            && *folders == other.folders
            && *warnings == other.warnings
            && Arc::ptr_eq(theme, &other.theme)
    }

    /// The runbooks that have another text than in `before`; `None` if anything else is otherwise.
    pub fn other_runbooks<'s>(&'s self, before: &Self) -> Option<Vec<&'s Arc<Source>>> {
        let runbooks = || self.runbooks.iter().zip(&before.runbooks);
        let is_same = self.is_same_beside_runbooks(before)
            && self.runbooks.len() == before.runbooks.len()
            && runbooks().all(|((own, _), (path, _))| own == path);
        let others = runbooks().filter(|((_, own), (_, old))| !Arc::ptr_eq(own, old));
        is_same.then(|| others.map(|((_, own), _)| own).collect())
    }

    /// The runbooks and the rule files, to be replaced by other texts of the same paths.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut Arc<Source>> {
        self.runbooks.iter_mut().map(|(_, source)| source).chain(&mut self.rule_files)
    }
}

/// The site that a folder belongs to: the folder itself or the nearest one above with a
/// configuration.
pub fn find_site(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join(CONFIGURATION).is_file()).map(Path::to_owned)
}

/// A single file that is no part of the site.
///
/// # Errors
///
/// It can't be read.
pub fn text(path: &Path) -> Result<String, Failure> {
    let source = Files::default().text(path, &path.to_string_lossy())?;
    Ok(source.text().to_owned())
}

/// Reads the configuration of the site at a folder.
///
/// # Errors
///
/// There is none, it can't be read, or it is wrong.
pub fn configuration(site: &Path) -> Result<Config, Failure> {
    let path = site.join(CONFIGURATION);
    if !path.is_file() {
        let message = format!("there is no {CONFIGURATION} in {}", site.display());
        return Err(Failure::Usage(message));
    }
    let source = Files::default().text(&path, CONFIGURATION)?;
    config::parse(&source).map_err(Failure::Configuration)
}

/// Reads a site. `output` is left out, wherever it lies. Of `files`, what was read before and has
/// not changed is not read again.
///
/// # Errors
///
/// A folder that the configuration names is missing, or a file can't be read.
pub fn load(site: &Path, config: Config, output: &Path, files: &Files) -> Result<Inputs, Failure> {
    let reader = Reader { site, files, any_markdown: config.front_matter_is_optional };
    let content = folder(site, &config.content, "content")?;
    let ((rules, without_files), all) = rayon::join(
        || rule_paths(site, &config),
        || content_paths(site, &content, &config, output),
    );
    let all = all?;
    let without_files = without_files.into_iter();
    let mut warnings: Vec<String> =
        without_files.map(|pattern| format!("no rule file matches `{pattern}`")).collect();
    warnings.extend(overlooked::not_excluded(site, &content, &config));
    let mut folders = BTreeSet::from([site.to_owned()]);
    folders.extend(rules.folders.into_iter().chain(all.folders));
    let is_rule_file: HashSet<&Path> = rules.files.iter().map(PathBuf::as_path).collect();
    let paths = all.files.par_iter().filter(|path| !is_rule_file.contains(path.as_path()));
    let read: Vec<_> = paths.map(|path| reader.content(&content, path)).collect();
    let mut runbooks = Vec::new();
    let mut files = Vec::new();
    for found in read {
        match found? {
            Content::Runbook(path, source) => runbooks.push((path, source)),
            Content::File(path, place) => files.push((path, place)),
        }
    }
    if runbooks.is_empty() && files.iter().any(|(path, _): &(String, _)| path.ends_with(".md")) {
        warnings.push(format!(
            "no Markdown file in `{}` has front matter, so none is a runbook; \
             `front_matter: optional` in {CONFIGURATION} makes one of each",
            config.content.path
        ));
    }
    warnings.extend(overlooked::not_utf8(site, &content, &runbooks)?);
    warnings.extend(overlooked::pages_elsewhere(site, &files)?);
    let rule_files = rules
        .files
        .par_iter()
        .map(|path| reader.text(path))
        .collect::<Result<Vec<_>, Failure>>()?;
    let data = reader.data(&config, &mut folders, &mut warnings)?;
    let metrics = reader.metrics(&config, &mut folders, &mut warnings)?;
    let theme = reader.theme(&mut folders)?;
    reader.files.forget_unread();
    Ok(Inputs {
        site: site.to_owned(),
        config: Arc::new(config),
        configuration: reader.text(&site.join(CONFIGURATION))?,
        runbooks,
        rule_files,
        loaded_rules: Vec::new(),
        data,
        metrics,
        files,
        theme,
        warnings,
        folders,
    })
}

/// The same inputs after some files have changed, if nothing but the content of texts has: no file
/// has come or gone, or is another kind of file now. `None` where only [`load`] can tell.
///
/// # Errors
///
/// A file can't be read.
pub fn refresh(
    site: &Path,
    before: &Inputs,
    changed: &BTreeSet<PathBuf>,
    files: &Files,
) -> Result<Option<Inputs>, Failure> {
    let reader = Reader { site, files, any_markdown: before.config.front_matter_is_optional };
    let mut inputs = before.clone();
    for path in changed {
        let name = relative(site, path);
        if name == CONFIGURATION || name.starts_with("templates/") || name.starts_with("static/") {
            return Ok(None);
        }
        let is = |source: &&mut Arc<Source>| source.path() == name;
        let runbooks = inputs.runbooks.iter_mut().map(|(_, source)| source);
        let data = inputs.data.iter_mut().flatten().map(|(_, source)| source);
        let mut rules_and_data =
            inputs.rule_files.iter_mut().chain(data).chain(&mut inputs.metrics);
        if let Some(runbook) = { runbooks }.find(is) {
            if !path.is_file() {
                return Ok(None);
            }
            *runbook = reader.text(path)?;
            if !reader.is_runbook(runbook) {
                return Ok(None);
            }
        } else if let Some(source) = rules_and_data.find(is) {
            if !path.is_file() {
                return Ok(None);
            }
            *source = reader.text(path)?;
        } else if inputs.files.iter().any(|(_, file)| file == path) {
            // It is copied when somebody asks for it. A Markdown file may have become a runbook.
            if !path.is_file() || name.ends_with(".md") {
                return Ok(None);
            }
        } else if inputs.folders.contains(path) || (path.exists() && !is_of_an_editor(&name)) {
            // A folder may have gone and come again with other files.
            return Ok(None);
        }
    }
    Ok(Some(inputs))
}

/// Whether a file is one that editors keep beside the one that is edited.
fn is_of_an_editor(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".swx") || name == "4913"
}

/// Files of the data folder, each with its path below it.
type DataFiles = Vec<(String, Arc<Source>)>;

/// Reads the files of a site.
struct Reader<'r> {
    site: &'r Path,
    files: &'r Files,
    /// Whether Markdown without front matter makes a runbook as well.
    any_markdown: bool,
}

impl Reader<'_> {
    fn is_runbook(&self, source: &Source) -> bool {
        self.any_markdown || FrontMatter::opens(source.text())
    }

    fn text(&self, path: &Path) -> Result<Arc<Source>, Failure> {
        self.files.text(path, &relative(self.site, path))
    }

    /// The files of the data folder that hold data, in order.
    fn data(
        &self,
        config: &Config,
        folders: &mut BTreeSet<PathBuf>,
        warnings: &mut Vec<String>,
    ) -> Result<Option<DataFiles>, Failure> {
        let Some(configured) = &config.data else { return Ok(None) };
        let place = self.site.join(&configured.path);
        folders.insert(place.clone());
        // Jekyll's sites name the folder whether they have data or not.
        if !place.exists() {
            warnings.push(format!("the data folder `{}` does not exist", configured.path));
            return Ok(None);
        }
        let files = files_below(&folder(self.site, configured, "data")?, folders)?;
        let files = files
            .into_iter()
            .filter(|(name, _)| DATA_ENDINGS.iter().any(|ending| name.ends_with(ending)))
            .map(|(name, path)| Ok((name, self.text(&path)?)));
        files.collect::<Result<_, Failure>>().map(Some)
    }

    /// The inventory of metrics.
    fn metrics(
        &self,
        config: &Config,
        folders: &mut BTreeSet<PathBuf>,
        warnings: &mut Vec<String>,
    ) -> Result<Option<Arc<Source>>, Failure> {
        let Some(configured) = &config.metrics else { return Ok(None) };
        let place = self.site.join(&configured.path);
        folders.insert(place.clone());
        if !place.is_file() {
            warnings.push(format!(
                "the inventory of metrics `{}` does not exist; `alertbook metrics` writes it",
                configured.path
            ));
            return Ok(None);
        }
        self.text(&place).map(Some)
    }

    /// A Markdown file with front matter is a runbook, or any; everything else is copied.
    fn content(&self, content: &Path, path: &Path) -> Result<Content, Failure> {
        let below = relative(content, path);
        if below.ends_with(".md") {
            let source = self.text(path)?;
            if self.is_runbook(&source) {
                return Ok(Content::Runbook(below, source));
            }
        }
        Ok(Content::File(below, path.to_owned()))
    }

    /// The built-in theme with the files of the site's `templates` and `static` in place.
    fn theme(&self, folders: &mut BTreeSet<PathBuf>) -> Result<Arc<Theme>, Failure> {
        let templates = files_below(&self.site.join(TEMPLATES), folders)?.into_iter();
        let templates: Vec<_> = templates
            .map(|(name, path)| Ok((name, self.text(&path)?)))
            .collect::<Result<_, Failure>>()?;
        let assets = files_below(&self.site.join(ASSETS), folders)?.into_iter();
        let assets: Vec<_> = assets
            .map(|(name, path)| Ok((name, self.files.bytes(&path)?)))
            .collect::<Result<_, Failure>>()?;
        Ok(self.files.theme(&templates, &assets))
    }
}

/// Where a folder of the configuration lies; `key` is what it is called there.
fn folder(site: &Path, configured: &SitePath, key: &str) -> Result<PathBuf, Failure> {
    let path = site.join(&configured.path);
    if path.is_dir() {
        return Ok(path);
    }
    let fault = if path.exists() { "is not a folder" } else { "does not exist" };
    let message = format!("the {key} folder `{}` {fault}", configured.path);
    Err(match &configured.span {
        Some(span) => Failure::Configuration(vec![
            Diagnostic::new(config::CHECK, span.clone(), message)
                .with_help("the path is relative to the folder of `alertbook.yaml`"),
        ]),
        None => Failure::Usage(format!(
            "{message}; make it, or name another with `{key}:` in {CONFIGURATION}"
        )),
    })
}

enum Content {
    Runbook(String, Arc<Source>),
    File(String, PathBuf),
}

/// A file as it is stored, a byte order mark included; `None` if it is not UTF-8.
///
/// # Errors
///
/// It can't be read.
pub fn stored_text(path: &Path) -> Result<Option<String>, Failure> {
    let (bytes, _) = files::read(path)?;
    Ok(String::from_utf8(bytes).ok())
}

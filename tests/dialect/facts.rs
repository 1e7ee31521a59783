//! What readers and links depend on in a piece of HTML.

use scraper::{ElementRef, Html};
use serde::{Deserialize, Serialize};

/// What a page shows, kind by kind, each in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// `2 #id Text`
    pub headings: Vec<String>,
    /// The texts of the cells of tables.
    pub cells: Vec<String>,
    /// The texts of code, in blocks and in lines.
    pub codes: Vec<String>,
    /// Where links lead.
    pub links: Vec<String>,
    /// Where images are.
    pub images: Vec<String>,
    /// What authors said of elements: `p class="label"`.
    pub attributes: Vec<String>,
    /// The elements, each indented by those that it stands in.
    pub elements: Vec<String>,
}

impl Facts {
    /// Those of a piece of HTML, less what alertbook added and what it made links of.
    pub fn of(root: ElementRef<'_>) -> Self {
        let mut facts = Self {
            headings: Vec::new(),
            cells: Vec::new(),
            codes: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            attributes: Vec::new(),
            elements: Vec::new(),
        };
        facts.add(root, 0);
        facts
    }

    /// Those of a fragment, as kramdown prints it.
    pub fn of_fragment(html: &str) -> Self {
        Self::of(Html::parse_fragment(html).root_element())
    }

    /// All kinds by name.
    pub fn kinds(&self) -> [(&'static str, &[String]); 7] {
        [
            ("headings", &self.headings),
            ("cells", &self.cells),
            ("codes", &self.codes),
            ("links", &self.links),
            ("images", &self.images),
            ("attributes", &self.attributes),
            ("elements", &self.elements),
        ]
    }

    fn add(&mut self, parent: ElementRef<'_>, depth: usize) {
        for element in parent.children().filter_map(ElementRef::wrap) {
            let value = element.value();
            if value.attr("data-added").is_some() {
                continue;
            }
            let name = value.name();
            // Colours and marks say nothing about the structure, nor does an element that HTML does
            // not know; bare addresses are links to alertbook alone.
            let is_shown = name != "span"
                && value.attr("data-autolink").is_none()
                && !(name == "input" && depth > 0)
                && KNOWN.contains(&name);
            if is_shown {
                self.elements.push(format!("{}{name}", "  ".repeat(depth)));
            }
            if is_shown {
                self.attributes.extend(attributes(element));
            }
            match name {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    let id = value.attr("id").unwrap_or("-");
                    self.headings.push(format!("{} #{id} {}", &name[1..], text(element)));
                }
                "td" | "th" => self.cells.push(text(element)),
                "code" => {
                    self.codes.push(text(element));
                    continue;
                }
                "a" if value.attr("data-autolink").is_none() => {
                    self.links.extend(value.attr("href").map(str::to_owned));
                }
                "img" => self.images.extend(value.attr("src").map(str::to_owned)),
                _ => {}
            }
            self.add(element, depth + usize::from(is_shown));
        }
    }
}

/// What an author said of an element; `None` if nothing.
fn attributes(element: ElementRef<'_>) -> Option<String> {
    let name = element.value().name();
    let is_heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let mut said = String::new();
    for key in ["alt", "class", "height", "id", "start", "target", "title", "width"] {
        let Some(value) = element.attr(key) else { continue };
        let words = value.split_whitespace().filter(|word| key != "class" || !is_made(word));
        let words: Vec<&str> = words.collect();
        let is_made = key == "id"
            && (is_heading || value.starts_with("fn") || value.starts_with("markdown-toc"));
        if !words.is_empty() && !is_made {
            said += &format!(" {key}=\"{}\"", words.join(" "));
        }
    }
    (!said.is_empty()).then(|| format!("{name}{said}"))
}

/// Whether a class is one that kramdown or alertbook makes.
fn is_made(class: &str) -> bool {
    const MADE: [&str; 12] = [
        "align-",
        "language-",
        "q-",
        "hl-",
        "footnote",
        "reversefootnote",
        "task-list",
        "promql",
        "sample",
        "example-alert",
        "placeholder",
        "style-",
    ];
    MADE.iter().any(|made| class.starts_with(made))
}

/// The text of an element less what alertbook added, its white space folded.
fn text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    push_text(element, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push_text(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        if let Some(child) = ElementRef::wrap(child) {
            if child.attr("data-added").is_none() {
                push_text(child, text);
            }
            if matches!(child.value().name(), "br" | "p" | "div" | "li") {
                text.push(' ');
            }
        } else if let Some(piece) = child.value().as_text() {
            text.push_str(piece);
        }
    }
}

#[rustfmt::skip]
const KNOWN: [&str; 58] = [
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd",
    "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "iframe", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s",
    "samp", "section", "small", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
];

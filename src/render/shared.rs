//! What all pages of a site share: what templates are told of it, what pages may load, and the script
//! that names the carriers.

use super::views::{AssetsView, SiteView};
use crate::site::Site;

/// What every template gets, whatever the page.
pub(super) fn shared(site: &SiteView, assets: &AssetsView, policy: &str) -> tera::Context {
    let mut shared = tera::Context::new();
    shared.insert("site", site);
    shared.insert("assets", assets);
    shared.insert("policy", policy);
    shared
}

pub(super) fn site_view(site: &Site) -> SiteView {
    let carriers = site.config.all_carriers();
    SiteView {
        title: site.config.title.clone(),
        language: "en",
        carriers: carriers.iter().map(|carrier| carrier.name.to_string()).collect(),
        default_carrier: site.config.default_carrier().map(|carrier| carrier.name.to_string()),
    }
}

/// The script that tells the others which carriers there are, as a classic script so that it works
/// from disk as well.
pub(super) fn carriers_script(
    site: &Site,
    api: Option<fn(&str) -> String>,
    is_kept: bool,
) -> String {
    let carriers: serde_json::Map<String, serde_json::Value> = site
        .config
        .all_carriers()
        .iter()
        .map(|carrier| {
            let mut value = serde_json::json!({"url": carrier.url, "ui": carrier.ui.name()});
            let api = api.map(|api| api(carrier.name.as_str()));
            if let Some(api) = api.as_ref().or(carrier.api.as_ref()) {
                value["api"] = api.as_str().into();
            }
            if carrier.tab != crate::config::Tab::default() {
                value["tab"] = carrier.tab.name().into();
            }
            if let Some(datasource) = &carrier.datasource {
                value["datasource"] = datasource.as_str().into();
            }
            if !carrier.labels.is_empty() {
                value["labels"] = carrier.labels.iter().cloned().collect();
            }
            (carrier.name.to_string(), value)
        })
        .collect();
    let default = site.config.default_carrier().map(|carrier| carrier.name.as_str());
    let external_label =
        site.config.carriers.as_ref().and_then(|carriers| carriers.external_label.as_deref());
    let mut data = serde_json::json!({
        "carriers": carriers, "default": default, "externalLabel": external_label,
    });
    if is_kept {
        data["offline"] = true.into();
    }
    // The root of the site is where the folder of this script is.
    let root = "globalThis.alertbook.root = new URL(\"../\", document.currentScript.src);";
    format!("globalThis.alertbook = {data};\n{root}\n")
}

/// What pages may load: their own site, images of the hosts that the configuration names, and what
/// the carriers answer.
pub(super) fn policy(site: &Site) -> String {
    let images = [&["'self'".to_owned(), "data:".to_owned()], site.config.img_hosts.as_slice()];
    let carriers = site.config.all_carriers().iter();
    let mut origins: Vec<&str> = carriers
        .map(|carrier| origin(carrier.api.as_deref().unwrap_or(carrier.url.as_str())))
        .collect();
    origins.sort_unstable();
    origins.dedup();
    let connections = if origins.is_empty() {
        String::new()
    } else {
        format!(" connect-src {};", origins.join(" "))
    };
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src {};{connections} \
         base-uri 'none'; form-action 'none'",
        images.concat().join(" ")
    )
}

/// The scheme, the host and the port of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |length| host + length);
    &url[..end]
}

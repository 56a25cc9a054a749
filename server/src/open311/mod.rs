//! Open311 GeoReport v2 under `/open311/v2`, so that 12345, an upper platform, a patrol vehicle or a camera system can
//! file and follow reports (specification: wiki.open311.org/GeoReport_v2). XML and JSON by the ending of the address.
//!
//! - A jurisdiction is a community; without `jurisdiction_id` the whole district is meant.
//! - Filing needs a key ([`crate::auth::keys`]) as `api_key`; reading needs none, and then shows what the public list shows.
//! - Places in answers are those of the building or the middle of the grid, never where a reporter stood.

mod answer;
mod discovery;
mod filing;
mod reading;
mod services;
mod store;

use crate::{
    auth::keys,
    http::{Access, Ctx, Error, Routes},
    places::{self, Organisation},
};
use answer::{Format, Refused};
use std::collections::BTreeMap;

/// Where it begins.
const ROOT: &str = "/open311/v2";

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/open311/v2/discovery.xml", Access::Public, discovery::discovery)
        .get("/open311/v2/discovery.json", Access::Public, discovery::discovery)
        .get("/open311/v2/services.xml", Access::Public, services::list)
        .get("/open311/v2/services.json", Access::Public, services::list)
        .get("/open311/v2/services/{file}", Access::Public, services::definition)
        .get("/open311/v2/requests.xml", Access::Public, reading::list)
        .get("/open311/v2/requests.json", Access::Public, reading::list)
        .post("/open311/v2/requests.xml", Access::Public, filing::file)
        .post("/open311/v2/requests.json", Access::Public, filing::file)
        .get("/open311/v2/requests/{file}", Access::Public, reading::one)
        .get("/open311/v2/tokens/{file}", Access::Public, reading::token)
}

/// Parameters of an address or a form. An empty one is an absent one; of several with one name the last counts.
struct Asked(BTreeMap<String, String>);

impl Asked {
    fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Asked {
        Asked(pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    /// Those of the address.
    fn query(ctx: &Ctx) -> Asked {
        let query = ctx.here.split_once('?').map_or("", |(_, query)| query);
        Asked::of(url::form_urlencoded::parse(query.as_bytes()).into_owned())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// A comma list.
    fn list(&self, name: &str) -> Vec<String> {
        let values = self.get(name).unwrap_or_default().split(',');
        values.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }

    fn number(&self, name: &str) -> Result<Option<f64>, Refused> {
        match self.get(name).map(str::parse::<f64>) {
            None => Ok(None),
            Some(Ok(number)) if number.is_finite() => Ok(Some(number)),
            Some(_) => Err(Refused::wrong(format!("{name} is not a number"))),
        }
    }
}

/// What stands before the ending of the last part of the address, and the form of the answer.
fn named(ctx: &Ctx) -> (String, Format) {
    let last = ctx.path.rsplit('/').next().unwrap_or_default();
    let (name, ending) = last.rsplit_once('.').unwrap_or((last, ""));
    let name = percent_decoded(name);
    (name, if ending == "json" { Format::Json } else { Format::Xml })
}

fn percent_decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The community that `jurisdiction_id` names, if it names one.
async fn jurisdiction(ctx: &Ctx, asked: &Asked) -> Result<Option<Organisation>, Refused> {
    let Some(code) = asked.get("jurisdiction_id") else { return Ok(None) };
    let found = places::store::community_by_code(&ctx.app.db, code).await?;
    found.map(Some).ok_or_else(|| Refused::missing("jurisdiction_id was not found"))
}

/// The request as the system whose key was sent, if one was sent.
async fn with_key(ctx: Ctx, key: Option<&str>) -> Result<Ctx, Refused> {
    let Some(text) = key else { return Ok(ctx) };
    match keys::find(&ctx.app.db, &ctx.app.secrets, text, ctx.now).await? {
        Some(key) => Ok(ctx.with_key(key)),
        None => Err(Refused::from(Error::Forbidden)),
    }
}

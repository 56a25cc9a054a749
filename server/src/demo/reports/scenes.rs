//! The demo's pictures, and how they come to reports.

use super::{DemoReport, Telling};
use crate::{
    clock,
    db::Tx,
    photos::store::{self as photo_store, NewPhoto, Uploader},
};
use anyhow::Context;
use jiff::Timestamp;

/// A scene's picture, before or after. Many reports show the same one.
pub(super) struct Scene {
    name: &'static str,
    after: bool,
    /// As the pipeline would keep it: our own drawing, without metadata, small enough.
    pub(super) full: &'static [u8],
    /// Its thumbnail, made beforehand, so that the demo loads quickly.
    pub(super) thumb: &'static [u8],
}

macro_rules! scenes {
    ($($name:literal),* $(,)?) => {
        [$(
            Scene {
                name: $name,
                after: false,
                full: include_bytes!(concat!("../../../demo/photos/", $name, "-before.jpg")),
                thumb: include_bytes!(concat!("../../../demo/photos/", $name, "-before-thumb.jpg")),
            },
            Scene {
                name: $name,
                after: true,
                full: include_bytes!(concat!("../../../demo/photos/", $name, "-after.jpg")),
                thumb: include_bytes!(concat!("../../../demo/photos/", $name, "-after-thumb.jpg")),
            },
        )*]
    };
}

/// Every picture of `server/demo/photos`.
static SCENES: [Scene; 32] = scenes![
    "bikes",
    "drain",
    "elevator",
    "fitness",
    "garbage",
    "graffiti",
    "greenery",
    "lamp-corridor",
    "leak",
    "manhole",
    "noise",
    "parking",
    "pothole",
    "streetlight",
    "tree",
    "wire",
];

impl Scene {
    fn size(&self) -> anyhow::Result<(u32, u32)> {
        use image::{ImageFormat, ImageReader};
        let reader = ImageReader::with_format(std::io::Cursor::new(self.full), ImageFormat::Jpeg);
        reader.into_dimensions().with_context(|| self.name.to_owned())
    }
}

impl Telling<'_> {
    /// A photo of the report's scene, before or after the work, for a report or an event.
    pub(super) async fn photo(
        &mut self,
        tx: &mut Tx,
        demo: &DemoReport,
        after: bool,
        (uploader, at, released): (&Uploader, Timestamp, bool),
        (owner_kind, owner_id, role): (&str, &str, &str),
        position: usize,
    ) -> anyhow::Result<()> {
        let scene = SCENES
            .iter()
            .find(|scene| scene.name == demo.scene && scene.after == after)
            .with_context(|| format!("no scene {}", demo.scene))?;
        let id = clock::new_id(at);
        let (width, height) = scene.size()?;
        let new = NewPhoto {
            id: &id,
            uploader,
            width,
            height,
            bytes: scene.full.len(),
            // Names the picture as well as a hash would, and costs nothing.
            sha256: &format!("demo-{}-{after}", scene.name),
            upload_key: None,
        };
        photo_store::insert(tx, new, at).await?;
        photo_store::attach(tx, &id, (owner_kind, owner_id), role, position).await?;
        photo_store::set_released(tx, &id, released && position == 0).await?;
        self.blobs.push((id, scene));
        Ok(())
    }
}

//! The object store: a folder by default, S3 for many machines. Keys are typed; nothing else builds a path.

use crate::config::BlobsUrl;
use anyhow::Context;
use axum::body::Bytes;
use futures::{Stream, TryStreamExt, stream::BoxStream};
use object_store::{
    BackoffConfig, ClientConfigKey, GetOptions, GetResult, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    buffered::BufWriter,
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use std::{sync::Arc, time::Duration};

/// Size of the parts in which something large is copied, the least that S3 takes.
const PART: u64 = 5 << 20;

/// What is kept of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// At most 2048 pixels on the long side.
    Full,
    /// At most 480 pixels on the long side.
    Thumb,
    /// [`Variant::Full`] with parts blacked out, if staff did so; served in its place.
    Redacted,
    /// [`Variant::Thumb`] with parts blacked out.
    RedactedThumb,
}

impl Variant {
    /// As written in keys and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Full => "full",
            Variant::Thumb => "thumb",
            Variant::Redacted => "redacted",
            Variant::RedactedThumb => "redacted-thumb",
        }
    }

    /// The variant with this name, as addresses may ask for: never a redacted one, which is served by itself where
    /// there is one.
    pub fn from_name(name: &str) -> Option<Variant> {
        [Variant::Full, Variant::Thumb].into_iter().find(|variant| variant.name() == name)
    }

    /// What is served in its place once parts are blacked out.
    #[must_use]
    pub fn redacted(self) -> Variant {
        match self {
            Variant::Full | Variant::Redacted => Variant::Redacted,
            Variant::Thumb | Variant::RedactedThumb => Variant::RedactedThumb,
        }
    }
}

/// The store of photos, and of the files of notices.
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

impl Blobs {
    /// Opens the store; a folder is created when missing.
    pub fn open(url: &BlobsUrl) -> anyhow::Result<Blobs> {
        Ok(match url {
            BlobsUrl::Folder(folder) => {
                std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
                Blobs(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)))
            }
            BlobsUrl::S3 { bucket, prefix } => Blobs::s3(AmazonS3Builder::from_env(), bucket, prefix)?,
        })
    }

    /// A store in a bucket, under `prefix` if it is not empty. Endpoint and keys are the builder's.
    pub fn s3(builder: AmazonS3Builder, bucket: &str, prefix: &str) -> anyhow::Result<Blobs> {
        // Somebody waits: a store that is away, slow or broken is told to them soon. One try may take ten seconds.
        let retry = RetryConfig {
            max_retries: 2,
            retry_timeout: Duration::from_secs(10),
            backoff: BackoffConfig { max_backoff: Duration::from_secs(1), ..BackoffConfig::default() },
        };
        let client = |key| AmazonS3ConfigKey::Client(key);
        let store = builder
            .with_bucket_name(bucket)
            .with_retry(retry)
            .with_config(client(ClientConfigKey::Timeout), "10 seconds")
            .with_config(client(ClientConfigKey::ConnectTimeout), "2 seconds")
            .build()?;
        Ok(if prefix.is_empty() { Blobs(Arc::new(store)) } else { Blobs(Arc::new(PrefixStore::new(store, prefix))) })
    }

    fn key(id: &str, variant: Variant) -> Path {
        Path::from_iter(["photos", &id[..id.len().min(8)], id, &format!("{}.jpg", variant.name())])
    }

    /// Stores one variant of a photo; done when it is durable.
    pub async fn put(&self, id: &str, variant: Variant, jpeg: Vec<u8>) -> anyhow::Result<()> {
        self.0.put(&Blobs::key(id, variant), PutPayload::from(jpeg)).await.context("storing a photo")?;
        Ok(())
    }

    /// Reads one variant of a photo; `None` when it is not there.
    pub async fn get(&self, id: &str, variant: Variant) -> anyhow::Result<Option<Vec<u8>>> {
        match self.0.get(&Blobs::key(id, variant)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context("reading a photo")),
        }
    }

    /// Removes all variants of a photo; fine when some are gone.
    pub async fn delete(&self, id: &str) -> anyhow::Result<()> {
        for variant in [Variant::Full, Variant::Thumb, Variant::Redacted, Variant::RedactedThumb] {
            match self.0.delete(&Blobs::key(id, variant)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(anyhow::Error::new(error).context("removing a photo")),
            }
        }
        Ok(())
    }

    /// The keys of everything in the store, with sizes in bytes; for backups.
    pub async fn list(&self) -> anyhow::Result<Vec<(String, u64)>> {
        let found: Vec<_> =
            self.0.list(None).map_ok(|meta| (meta.location.to_string(), meta.size)).try_collect().await?;
        Ok(found)
    }

    /// The ids of the photos in the store, once for each of their pictures.
    pub fn photos(&self) -> impl Stream<Item = anyhow::Result<String>> + Send + use<'_> {
        let photos = self.0.list(Some(&Path::from("photos"))).map_err(anyhow::Error::new);
        photos.try_filter_map(async |meta| Ok(meta.location.parts().nth(2).map(|id| id.as_ref().to_owned())))
    }

    /// Reads what has this key; `None` when it is not there.
    pub async fn read(&self, key: &str) -> anyhow::Result<Option<Vec<u8>>> {
        match self.0.get(&Path::parse(key)?).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context(format!("reading {key}"))),
        }
    }

    /// Stores something under a key that [`Blobs::list`] gave; done when it is durable.
    pub async fn write(&self, key: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.0.put(&Path::parse(key)?, PutPayload::from(bytes)).await.with_context(|| format!("storing {key}"))?;
        Ok(())
    }

    /// Stores a file of this machine under a key, part by part; done when it is durable.
    pub async fn write_file(&self, key: &str, from: &std::path::Path) -> anyhow::Result<()> {
        let mut file = tokio::fs::File::open(from).await.with_context(|| from.display().to_string())?;
        let mut to = BufWriter::new(self.0.clone(), Path::parse(key)?);
        tokio::io::copy(&mut file, &mut to).await.with_context(|| format!("storing {key}"))?;
        tokio::io::AsyncWriteExt::shutdown(&mut to).await.with_context(|| format!("storing {key}"))?;
        Ok(())
    }

    /// Reads what has this key while it is sent on; `None` when it is not there.
    pub async fn stream(
        &self,
        key: &str,
    ) -> anyhow::Result<Option<futures::stream::BoxStream<'static, object_store::Result<axum::body::Bytes>>>> {
        match self.0.get(&Path::parse(key)?).await {
            Ok(found) => Ok(Some(found.into_stream())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context(format!("reading {key}"))),
        }
    }

    /// Copies what has this key into another store, part by part, and shows each part to `seen`; done when it is durable.
    /// Returns whether there was something. Each part is asked for by itself, so that none takes longer than one may wait.
    pub async fn copy(&self, key: &str, to: &Blobs, mut seen: impl FnMut(&[u8])) -> anyhow::Result<bool> {
        let path = Path::parse(key)?;
        let Some(found) = self.find(&path, GetOptions::default()).await? else { return Ok(false) };
        let meta = found.meta.clone();
        let mut whole = Some(found).filter(|_| meta.size <= PART);
        let writer = BufWriter::with_capacity(to.0.clone(), path.clone(), usize::try_from(PART)?);
        let mut writer = writer.with_max_concurrency(1);
        let mut at = 0;
        while at < meta.size {
            let end = meta.size.min(at + PART);
            // Of the same content as the first, or not at all.
            let options =
                GetOptions { range: Some((at..end).into()), if_match: meta.e_tag.clone(), ..GetOptions::default() };
            let part = match whole.take() {
                Some(whole) => whole,
                None => match self.find(&path, options).await? {
                    Some(part) => part,
                    None => return Ok(false),
                },
            };
            let bytes = part.bytes().await.with_context(|| format!("reading {key}"))?;
            seen(&bytes);
            writer.put(bytes).await.with_context(|| format!("storing {key}"))?;
            at = end;
        }
        tokio::io::AsyncWriteExt::shutdown(&mut writer).await.with_context(|| format!("storing {key}"))?;
        Ok(true)
    }

    async fn find(&self, path: &Path, options: GetOptions) -> anyhow::Result<Option<GetResult>> {
        match self.0.get_opts(path, options).await {
            Ok(found) => Ok(Some(found)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context(format!("reading {path}"))),
        }
    }

    /// Removes what has this key.
    pub async fn remove(&self, key: &str) -> anyhow::Result<()> {
        self.0.delete(&Path::parse(key)?).await.with_context(|| format!("removing {key}"))?;
        Ok(())
    }

    /// The key of one variant of a photo.
    pub fn photo_key(id: &str, variant: Variant) -> String {
        Blobs::key(id, variant).to_string()
    }

    /// The key of a file.
    pub fn file_key(id: &str) -> String {
        format!("files/{}/{id}.pdf", &id[..id.len().min(8)])
    }

    /// Stores the bytes of a file; done when they are durable.
    pub async fn put_file(&self, id: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.write(&Blobs::file_key(id), bytes).await
    }

    /// Reads the bytes of a file; `None` when they are not there.
    pub async fn get_file(&self, id: &str) -> anyhow::Result<Option<Vec<u8>>> {
        self.read(&Blobs::file_key(id)).await
    }

    /// Bytes of a file; `None` when it is not there. Reads none of them.
    pub async fn file_bytes(&self, id: &str) -> anyhow::Result<Option<u64>> {
        match self.0.head(&Path::parse(Blobs::file_key(id))?).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context("looking for a file")),
        }
    }

    /// A file, read as it is asked for, and how many bytes it has; `None` when it is not there.
    pub async fn open_file(
        &self,
        id: &str,
    ) -> anyhow::Result<Option<(u64, BoxStream<'static, object_store::Result<Bytes>>)>> {
        match self.0.get(&Path::parse(Blobs::file_key(id))?).await {
            Ok(found) => Ok(Some((found.meta.size, found.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::new(error).context("reading a file")),
        }
    }

    /// Removes the bytes of a file; fine when they are gone.
    pub async fn delete_file(&self, id: &str) -> anyhow::Result<()> {
        match self.0.delete(&Path::parse(Blobs::file_key(id))?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(anyhow::Error::new(error).context("removing a file")),
        }
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> anyhow::Result<()> {
        match self.0.head(&Path::from("photos/ping")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

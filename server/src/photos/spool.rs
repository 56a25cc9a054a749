//! Files on their way in: small ones wait in memory, larger ones in a temporary file, so that any number of slow uploads
//! costs little memory. The file has no name and goes with its last handle, whatever happens.

use std::io::{Read, Seek, SeekFrom};
use tokio::io::AsyncWriteExt;

/// Up to so many bytes wait in memory.
const IN_MEMORY: usize = 64 * 1024;

/// The bytes of a file that was sent, read once.
#[derive(Debug)]
pub struct Spooled(Place);

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    File(std::fs::File),
}

impl Spooled {
    /// All bytes. Blocking when they are in a file.
    pub fn read(self) -> std::io::Result<Vec<u8>> {
        match self.0 {
            Place::Memory(bytes) => Ok(bytes),
            Place::File(mut file) => {
                let mut bytes = Vec::with_capacity(usize::try_from(file.metadata()?.len()).unwrap_or(0));
                file.seek(SeekFrom::Start(0))?;
                file.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

impl From<Vec<u8>> for Spooled {
    fn from(bytes: Vec<u8>) -> Spooled {
        Spooled(Place::Memory(bytes))
    }
}

/// A file that is being read from the wire.
#[derive(Default)]
pub(super) struct Spool {
    memory: Vec<u8>,
    file: Option<tokio::fs::File>,
    len: usize,
}

impl Spool {
    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Takes the next bytes.
    pub async fn push(&mut self, chunk: &[u8]) -> std::io::Result<()> {
        self.len += chunk.len();
        if self.file.is_none() && self.len > IN_MEMORY {
            let file = tokio::task::spawn_blocking(tempfile::tempfile).await??;
            let mut file = tokio::fs::File::from_std(file);
            file.set_max_buf_size(IN_MEMORY);
            file.write_all(&std::mem::take(&mut self.memory)).await?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(chunk).await,
            None => {
                self.memory.extend_from_slice(chunk);
                Ok(())
            }
        }
    }

    /// The whole file.
    pub async fn finish(self) -> std::io::Result<Spooled> {
        Ok(Spooled(match self.file {
            Some(mut file) => {
                file.flush().await?;
                Place::File(file.into_std().await)
            }
            None => Place::Memory(self.memory),
        }))
    }
}

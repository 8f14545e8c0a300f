//! Reading a request that brings files (the GraphQL multipart request specification): first the operations, then the map,
//! then the files, each in its bounds, and nothing further than is wanted. It must not know what the operations mean, or
//! who may upload.

mod map;
mod metered;

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, header};
use masthead_graphql::Uploaded;
use masthead_graphql::limits::{Figure, Limit, LimitExceeded};
use multer::{Field, Multipart};
use poem::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

pub(super) use self::map::{FileMap, InvalidMap};
use self::metered::Meter;
use super::body::{self, BodyRefused};

/// Bytes of the part `map`.
const MAX_MAP: u64 = 16 * 1024;
/// Bytes of a part's headers, and of what stands between parts.
const HEADERS: u64 = 16 * 1024;
/// Bytes of files that are held at once for all requests together, unless one request alone may bring more.
const HELD: u64 = 256 * 1024 * 1024;
/// How that is counted.
const UNIT: u64 = 64 * 1024;

/// What files a request may bring.
#[derive(Debug, Clone)]
pub struct UploadLimits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Files of one request.
    pub files: usize,
    /// How long the files may take to arrive.
    pub timeout: Duration,
    /// Room for the files of all requests.
    room: Arc<Semaphore>,
}

impl UploadLimits {
    /// At most `files` files of at most `file_bytes` each, within `timeout`.
    pub fn new(file_bytes: u64, files: usize, timeout: Duration) -> Self {
        let of_one = file_bytes.saturating_mul(files as u64);
        let room = usize::try_from(of_one.max(HELD).div_ceil(UNIT)).unwrap_or(usize::MAX);
        let room = Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS)));
        Self { file_bytes, files, timeout, room }
    }

    /// Bytes of one request's files with everything around them.
    fn all_files(&self, files: usize) -> u64 {
        (self.file_bytes.saturating_add(HEADERS)).saturating_mul(files as u64)
    }
}

/// Why a request with files was not read.
#[derive(Debug, thiserror::Error)]
pub enum FormRefused {
    /// Too large, too late, or broken off.
    #[error(transparent)]
    Body(#[from] BodyRefused),
    /// The content type names no boundary.
    #[error("The content type multipart/form-data must name a boundary.")]
    NoBoundary,
    /// It is no form.
    #[error("The body is no multipart form, or ends too early.")]
    Malformed,
    /// The parts come in another order.
    #[error("The parts must be \"operations\", then \"map\", then the files.")]
    Order,
    /// The map.
    #[error(transparent)]
    Map(#[from] InvalidMap),
    /// A file is missing, comes twice, or is not in the map.
    #[error("The files must be those that the part \"map\" names, each once.")]
    Files,
}

/// A request with files, read part by part.
pub(super) struct Form {
    parts: Multipart<'static>,
    meter: Meter,
    limits: UploadLimits,
    max_operations: u64,
}

/// The files of a request, which hold a part of the room as long as this is there.
pub(super) struct Files {
    /// In the order of their numbers.
    pub(super) files: Vec<Uploaded>,
    /// The room they take.
    pub(super) held: OwnedSemaphorePermit,
}

impl Form {
    /// Begins to read. A body that says that it is too large is not read at all.
    pub(super) fn open(
        headers: &HeaderMap,
        body: Body,
        max_operations: u64,
        limits: &UploadLimits,
    ) -> Result<Self, FormRefused> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let boundary = text(header::CONTENT_TYPE).and_then(|value| multer::parse_boundary(value).ok());
        // RFC 2046, 5.1.1: 70 at most, and not none, which would be everywhere.
        let Some(boundary) = boundary.filter(|boundary| (1..=70).contains(&boundary.len())) else {
            body::discard(headers, body, max_operations);
            return Err(FormRefused::NoBoundary);
        };
        let max = max_operations
            .saturating_add(MAX_MAP)
            .saturating_add(HEADERS.saturating_mul(3))
            .saturating_add(limits.all_files(limits.files));
        let announced = text(header::CONTENT_LENGTH).and_then(|value| value.parse::<u64>().ok());
        if let Some(announced) = announced.filter(|announced| *announced > max) {
            body::discard(headers, body, max_operations);
            return Err(too_large(Figure::Exactly(announced), max));
        }
        let meter = Meter::default();
        let body = meter.meter(body.into_bytes_stream().boxed());
        let parts = Multipart::new(body, boundary);
        Ok(Self { parts, meter, limits: limits.clone(), max_operations })
    }

    /// The parts `operations` and `map`, within `time`.
    pub(super) async fn head(&mut self, time: Duration) -> Result<(Bytes, FileMap), FormRefused> {
        let read = async {
            let operations = self.text("operations", self.max_operations).await?;
            let map = self.text("map", MAX_MAP).await?;
            Ok((operations, FileMap::parse(&map, self.limits.files)?))
        };
        timeout(time, read).await.unwrap_or(Err(BodyRefused::Late(time).into()))
    }

    /// The files that the map names. One that is too large is not read to its end, nor is any behind it.
    pub(super) async fn files(mut self, map: &FileMap) -> Result<Files, FormRefused> {
        let time = self.limits.timeout;
        let read = async {
            let units = self.limits.file_bytes.saturating_mul(map.len() as u64).div_ceil(UNIT);
            let room = Arc::clone(&self.limits.room);
            // The room is for at least one request of any size, and is never closed.
            let held = room
                .acquire_many_owned(u32::try_from(units).unwrap_or(u32::MAX))
                .await
                .map_err(|_| FormRefused::Body(BodyRefused::Broken))?;
            let (files, is_whole) = self.read_files(map).await?;
            Ok((Files { files, held }, is_whole))
        };
        match timeout(time, read).await {
            Ok(Ok((files, is_whole))) => {
                if !is_whole {
                    self.discard();
                }
                Ok(files)
            }
            Ok(Err(refused)) => {
                self.discard();
                Err(refused)
            }
            Err(_) => Err(BodyRefused::Late(time).into()),
        }
    }

    /// Lets go of what was not read. As with other bodies, a part of it is taken and thrown away while the answer is
    /// sent, or the client, which still sends, would never see it.
    pub(super) fn discard(mut self) {
        self.meter.allow(self.max_operations.saturating_mul(8));
        self.meter.step();
        tokio::spawn(async move {
            let rest = async { while let Ok(Some(_)) = self.parts.next_field().await {} };
            // Out of time or not, the connection goes with it: nothing to tell anyone.
            let _ = timeout(Duration::from_secs(5), rest).await;
        });
    }

    async fn read_files(&mut self, map: &FileMap) -> Result<(Vec<Uploaded>, bool), FormRefused> {
        let max = self.limits.file_bytes;
        let mut files: Vec<Option<Uploaded>> = vec![None; map.len()];
        while let Some(mut field) = self.part().await? {
            let number = field.name().and_then(|name| map.number(name)).ok_or(FormRefused::Files)?;
            let place = files.get_mut(number).filter(|place| place.is_none()).ok_or(FormRefused::Files)?;
            self.meter.allow(max);
            let Some(bytes) = read_field(&self.meter, &mut field, max).await? else {
                *place = Some(Uploaded::TooLarge);
                let read = files.into_iter().map(|file| file.unwrap_or(Uploaded::Unread)).collect();
                return Ok((read, false));
            };
            *place = Some(Uploaded::File(bytes));
        }
        let files: Option<Vec<_>> = files.into_iter().collect();
        Ok((files.ok_or(FormRefused::Files)?, true))
    }

    async fn text(&mut self, name: &'static str, max: u64) -> Result<Bytes, FormRefused> {
        let mut field = match self.part().await? {
            Some(field) if field.name() == Some(name) => field,
            _ => return Err(FormRefused::Order),
        };
        self.meter.allow(max);
        match read_field(&self.meter, &mut field, max).await? {
            Some(bytes) => Ok(bytes),
            None => Err(too_large(Figure::AtLeast(max.saturating_add(1)), max)),
        }
    }

    async fn part(&mut self) -> Result<Option<Field<'static>>, FormRefused> {
        self.meter.allow(HEADERS);
        self.meter.step();
        self.parts.next_field().await.map_err(|error| refused(&self.meter, &error))
    }
}

/// A part's bytes; `None`: there are more than `max`.
async fn read_field(
    meter: &Meter,
    field: &mut Field<'static>,
    max: u64,
) -> Result<Option<Bytes>, FormRefused> {
    let mut bytes = BytesMut::new();
    loop {
        meter.step();
        match field.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(Some(bytes.freeze())),
            // What was wanted beyond the allowance is the rest of this part.
            Err(_) if meter.is_exceeded() => return Ok(None),
            Err(error) => return Err(refused(meter, &error)),
        }
        if bytes.len() as u64 > max {
            return Ok(None);
        }
    }
}

fn refused(meter: &Meter, error: &multer::Error) -> FormRefused {
    match error {
        multer::Error::StreamReadFailed(_) if meter.is_exceeded() => FormRefused::Malformed,
        multer::Error::StreamReadFailed(_) => BodyRefused::Broken.into(),
        _ => FormRefused::Malformed,
    }
}

fn too_large(found: Figure, max: u64) -> FormRefused {
    BodyRefused::TooLarge(LimitExceeded { limit: Limit::Body, max, found }).into()
}

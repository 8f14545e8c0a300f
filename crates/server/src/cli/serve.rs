//! `masthead serve`: opens the database, brings it up to date, and serves until asked to stop. Also what every command
//! that serves or opens shares. It must not know how any answer comes about.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use masthead_actions::comment::Conversation;
use masthead_actions::comment::classify::Classify;
use masthead_actions::live::Live;
use masthead_actions::mail::Letterhead;
use masthead_actions::media::Workshop;
use masthead_actions::user::Door;
use masthead_actions::user::invite::invite_first_admin;
use masthead_persistence::Store;
use poem::EndpointExt;
use poem::endpoint::BoxEndpoint;
use tokio::net::TcpListener;

use super::{CommandError, Done, print};
use crate::api::{self, Api, LIST_SIZES};
use crate::classifier::HttpClassifier;
use crate::config::{MailSink, Settings};
use crate::examples;
use crate::followers::{self, Followers};
use crate::http::client_address::TrustedProxies;
use crate::http::connections::{serve, stop_signal};
use crate::http::explorer::explorer;
use crate::http::graphql::{Graphql, LiveOptions, Options, UploadLimits};
use crate::http::media::media;
use crate::http::{Cors, routes};
use crate::mail::Carrier;

/// Serves the database of the settings; makes an empty one where there is none.
pub async fn run(settings: Settings) -> Result<Done, CommandError> {
    let store = open(&settings).await?;
    let listening = listen(&settings).await?;
    print(&addresses(&settings, listening.address))?;
    if let Some(link) =
        invite_first_admin(&store, api::now(), &settings.public_url(listening.address)).await?
    {
        print(&format!(
            "\nNobody has a login yet. Who opens this link within 7 days becomes the administrator; it is shown once:\n  {link}\n"
        ))?;
    }
    listening.serve(store, &settings).await
}

/// Opens the database of the settings, made and brought up to date where need be.
pub(super) async fn open(settings: &Settings) -> Result<Store, CommandError> {
    make_data_directory(settings)?;
    let store = Store::open(&masthead_persistence::Options::new(settings.database().expose())).await?;
    store.migrate().await?;
    Ok(store)
}

/// Makes the directory of media and of the default database.
pub(super) fn make_data_directory(settings: &Settings) -> Result<(), CommandError> {
    std::fs::create_dir_all(&settings.data)
        .map_err(|cause| CommandError::DataDirectory { path: settings.data.clone(), cause })
}

/// An address that is taken, and not yet answered on.
pub(super) struct Listening {
    listener: TcpListener,
    /// The address, with the port that the system chose where 0 was asked for.
    pub(super) address: SocketAddr,
}

/// Takes the address of the settings.
pub(super) async fn listen(settings: &Settings) -> Result<Listening, CommandError> {
    let failed = |cause| CommandError::Listen { address: settings.listen, cause };
    let listener = TcpListener::bind(settings.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Serves until SIGINT or SIGTERM, then ends what is open and closes the database.
    pub(super) async fn serve(self, store: Store, settings: &Settings) -> Result<Done, CommandError> {
        let workshop = Workshop::new(settings.media.files(&settings.data)?, settings.media.max_file_bytes);
        let classifier =
            HttpClassifier::new(&settings.classifier)?.map(|it| Arc::new(it) as Arc<dyn Classify>);
        let public_url = settings.public_url(self.address);
        let api = Api::new(store.clone(), workshop.clone(), settings, &public_url, classifier);
        let cors = Cors::new(&settings.cors_origins);
        let options = Options {
            limits: settings.limits,
            list_sizes: LIST_SIZES,
            introspection: settings.introspection.is_on(),
            body_timeout: settings.connections.body_timeout.0,
            request_timeout: settings.request_timeout.0,
            cookie: api.cookie().clone(),
            proxies: TrustedProxies::new(settings.trusted_proxies.clone()),
            uploads: UploadLimits::new(
                settings.media.max_file_bytes,
                settings.media.max_files,
                settings.media.upload_timeout.0,
            ),
            live: LiveOptions::new(settings.live, settings.connections.write_timeout.0, cors.clone()),
        };
        let audience = options.live.audience.clone();
        let (door, live) = (api.door().clone(), api.live().clone());
        let conversation = api.conversation().clone();
        let explorer = settings.explorer.is_on().then(|| explorer_of(api.clone()));
        let graphql = Graphql::new(api.clone(), &masthead_graphql::sdl(), options)?;
        let media = media(workshop, &settings.data);
        let site = routes(graphql, store.clone(), explorer, media, api.clone(), api, cors);
        let following = following(settings, &settings.public_url(self.address), door, conversation, live)?;
        let followers = Followers::start(&store, following).await?;
        let stop = async {
            stop_signal().await;
            audience.close(FAREWELL).await;
        };
        serve(self.listener, site, settings.connections, stop).await;
        // After the last answer, because that may have written something to be followed.
        followers.stop().await;
        store.close().await?;
        Ok(Done::Fully)
    }
}

/// How long those who watch are given to hear that the program stops.
const FAREWELL: Duration = Duration::from_secs(2);

fn following(
    settings: &Settings,
    public_url: &str,
    door: Door,
    conversation: Conversation,
    live: Live,
) -> Result<followers::Options, CommandError> {
    let from = &settings.mail.from;
    Ok(followers::Options {
        keep_events: TimeDelta::days(settings.events.keep_days.into()),
        look_every: followers::Options::LOOK_EVERY,
        clock: api::now,
        door,
        conversation,
        live,
        holder: api::random_bytes()[..16].iter().map(|byte| format!("{byte:02x}")).collect(),
        carrier: Carrier::new(settings.mail.sink.as_ref().unwrap_or(&MailSink::Log))?,
        letterhead: Letterhead {
            name: from.name.clone(),
            address: from.address.clone(),
            public_url: public_url.to_owned(),
        },
    })
}

fn explorer_of(api: Api) -> BoxEndpoint<'static> {
    let tabs = move || {
        let api = api.clone();
        async move { examples::tabs(&api).await }
    };
    explorer("/graphql", tabs).boxed()
}

/// Where to go, a line each.
pub(super) fn addresses(settings: &Settings, address: SocketAddr) -> String {
    let explorer = if settings.explorer.is_on() {
        format!("Explorer http://{address}/graphiql\n")
    } else {
        String::new()
    };
    format!("GraphQL  http://{address}/graphql\n{explorer}")
}

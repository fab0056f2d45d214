"""The tables. A fact that must hold once holds by a unique key here, never by care elsewhere."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.columns import Instant, metadata

feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("site", Text),
    Column("owner", Text),
    Column("sector", String(32)),
    Column("register", String(32), nullable=False),
    Column("origin", String(16), nullable=False),  # pack, config, command
    Column("active", Boolean, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("rhythm", Text),  # JSON of feeds.model.Rhythm: the feed's own wishes, which a 304 does not repeat
    Column("next_poll_at", Instant, nullable=False),
    Column("next_poll_why", String(64)),
    Column("asked_at", Instant),
    Column("leased_until", Instant),  # somebody is asking it; after that moment the asker is dead
    Column("first_read_at", Instant),
    Column("last_success_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("failing_told", Instant),  # the managers were told of this failure, and will be told when it ends
    Column("last_error", Text),
    Column("gone_since", Instant),  # the first 410 in a row
    Column("stopped_at", Instant),  # gone for good: asked no more until somebody adds it again
    Column("moved_to", Text),  # where redirects for good lead, not believed yet
    Column("moved_since", Instant),
    Column("moved_seen", Integer),
    Column("left_out", Integer),  # entries of its last body beyond the most that are read
    Column("told_at", Instant),  # its hub told us of something new; none where a hub has kept silent about news
    Column("told_until", Instant),  # for so long its hub tells us
    Column("created_at", Instant, nullable=False),
    Index(None, "active", "next_poll_at"),
)

# Addresses that feeds once had. Who seeds or adds one of them means the feed that moved away from it.
former_addresses = Table(
    "former_addresses",
    metadata,
    Column("url", Text, primary_key=True),
    Column("feed_id", Integer, ForeignKey("feeds.id"), nullable=False),
    Index(None, "feed_id"),
)

# What hubs have promised us, or were asked for: to tell us when a feed has something new.
leases = Table(
    "leases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", Integer, ForeignKey("feeds.id"), nullable=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),  # the end of the address at which the hub finds us
    Column("secret", String(64), nullable=False),  # with which it signs
    Column("state", String(16), nullable=False),  # asking, held, ending, refused
    Column("until", Instant),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    UniqueConstraint("feed_id", "hub", "topic"),
    Index(None, "next_try_at"),
)

# A workspace's own word about a feed: wanted (it added it) or not (it took it out of its list).
workspace_feeds = Table(
    "workspace_feeds",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("feed_id", Integer, ForeignKey("feeds.id"), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

deals = Table(
    "deals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("headline", Text, nullable=False),
    Column("sector", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("published_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Column("follows", Integer, ForeignKey("deals.id")),
    Column("merged_into", Integer, ForeignKey("deals.id")),
    Column("words", Text, nullable=False),  # folded text for search
    Index(None, "first_seen_at"),
    sqlite_autoincrement=True,  # an id is never given twice
)

# Every key under which a party of a deal may be met again.
deal_parties = Table(
    "deal_parties",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("deal_id", Integer, ForeignKey("deals.id"), primary_key=True),
    Index(None, "deal_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("feed_id", Integer, ForeignKey("feeds.id"), nullable=False),
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("published_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),  # announcement, rejected, passed over
    Column("score", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("deal_id", Integer, ForeignKey("deals.id")),
    Column("announcement", Text),  # JSON of deals.model.Announcement
    Index(None, "feed_id"),
    Index(None, "url"),
    Index(None, "deal_id"),
)

# Every name under which a feed has offered an entry: kept for ever, so that an old entry is never news again.
entry_keys = Table(
    "entry_keys",
    metadata,
    Column("feed_id", Integer, ForeignKey("feeds.id"), primary_key=True),
    Column("key", String(40), primary_key=True),  # hash of the key
    sqlite_with_rowid=False,  # half the room: no second copy of the key
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("subscription", Text, nullable=False),  # JSON of digests.model.Subscription
    Column("next_due_at", Instant, nullable=False),
    Column("since", Instant),  # the last slot that was planned
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("paused_at", Instant),  # nothing is planned or sent until somebody mends the channel
    Column("paused_reason", Text),
    Column("subscribed_by", String(64)),  # the user who is told when its channel needs mending
    Column("told_until", Instant),  # what was published before counts as told: set when a backup is restored
    UniqueConstraint("platform", "workspace", "channel"),
    Index(None, "next_due_at"),
    Index(None, "since"),  # what a clock that ran ahead has planned is found without reading every row
)

slots = Table(
    "slots",
    metadata,
    Column("subscription_id", Integer, ForeignKey("subscriptions.id"), primary_key=True),
    Column("local", String(32), primary_key=True),  # naive ISO date and time in the subscription's zone
    Column("at", Instant, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),  # digest, instant, asked
    Column("outcome", String(16), nullable=False),  # told, empty, skipped, withdrawn
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", Integer, nullable=False),
    Column("slot", String(32), nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("key", String(32), nullable=False, unique=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("message", Text, nullable=False),  # JSON of digests.message.Message, frozen
    Column("state", String(16), nullable=False),  # pending, sending, sent, uncertain, dead, withdrawn
    Column("attempts", Integer, nullable=False),
    Column("looks", Integer, nullable=False),  # how often the history could not be read after an unclear end
    Column("renders", Integer, nullable=False),  # how often it was made smaller
    Column("created_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("sending_at", Instant),
    Column("sent_at", Instant),
    Column("posted_id", Text),
    Column("error", Text),
    UniqueConstraint("subscription_id", "slot", "part"),
    ForeignKeyConstraint(["subscription_id", "slot"], ["slots.subscription_id", "slots.local"]),
    Index(None, "state", "next_try_at"),
)

# A deal is announced to a channel once.
marks = Table(
    "marks",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("deal_id", Integer, ForeignKey("deals.id"), primary_key=True),
    Column("marked_at", Instant, nullable=False),
)

# What people are told by another way than the workspace's channels: the user, or else those who manage. A key is told
# once.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String(16), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(64)),  # which it is about, if it is about one
    Column("user", String(64)),  # whom it is for, else those who manage
    Column("key", String(160), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),  # none once it is sent or given up
    Column("sent_at", Instant),
    UniqueConstraint("platform", "workspace", "key"),
    Index(None, "next_try_at"),
)

# Whom those who may manage a workspace have named as one who may manage as well.
managers = Table(
    "managers",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("named_by", String(64), nullable=False),
    Column("named_at", Instant, nullable=False),
)

# What a platform has told us once: what it tells again is known by its key and changes nothing.
receipts = Table(
    "receipts",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("received_at", Instant, nullable=False),
    Index(None, "received_at"),
)

# The workspaces that installed the app by themselves, and what it needs to speak there.
installations = Table(
    "installations",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("token", Text, nullable=False),  # sealed where the operator gave a key
    Column("bot_user", String(64), nullable=False),
    Column("bot", String(64), nullable=False),
    Column("installed_by", String(64), nullable=False),
    Column("installed_at", Instant, nullable=False),
)

# Installations that somebody has begun: each ends once, within its time.
install_states = Table(
    "install_states",
    metadata,
    Column("state", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

# Single words that outlive a restart, such as which commands a platform was told.
memory = Table(
    "memory",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("value", Text, nullable=False),
)

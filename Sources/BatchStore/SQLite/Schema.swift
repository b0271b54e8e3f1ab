// The tables, as numbered migrations: the only place that knows how a store's file is laid out.

/// The schema of a store's file.
enum Schema {
  /// `user_version` of a file that this program writes.
  static let version = migrations.count

  /// `application_id`: "FPLT".
  ///
  /// A database without it was not made by Footplate.
  static let applicationID: Int32 = 0x4650_4C54

  /// Each brings a file from the version before to its own; the first one makes an empty file.
  static let migrations: [String] = [
    first, second, third, fourth, fifth, sixth, seventh, eighth,
  ]

  // States are numbered by how much attention they need (`ItemState.byCode`): 0 failed, 1 waiting,
  // 2 running, 3 queued, 4 skipped, 5 cancelled, 6 done.
  //
  // `items` is narrow, since every transition rewrites the row; what the source said is beside it.
  // Queued rows are in two partial indexes by ordinal (ready and not), all others in one by state:
  // a claim, a page and a new million of items each touch only what they need. `items` and `sources`
  // name no parents: checking them costs a new million of items a tenth of its time.
  private static let first = """
    CREATE TABLE runs(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, batch TEXT NOT NULL,
      definition TEXT NOT NULL, steps TEXT NOT NULL, state INTEGER NOT NULL, why TEXT NOT NULL,
      started INTEGER NOT NULL, updated INTEGER NOT NULL,
      first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
      unknown_attempts INTEGER NOT NULL DEFAULT 0, source_open INTEGER NOT NULL DEFAULT 0,
      has_edges INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE definitions(digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE engines(
      epoch INTEGER PRIMARY KEY, pid INTEGER NOT NULL, boot_id TEXT NOT NULL, host TEXT NOT NULL,
      started INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE events(
      sequence INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id), at INTEGER NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE items(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, ordinal INTEGER NOT NULL,
      key TEXT NOT NULL, occurrence INTEGER NOT NULL, state INTEGER NOT NULL,
      unmet INTEGER NOT NULL, blocked INTEGER NOT NULL, step INTEGER NOT NULL,
      tries INTEGER NOT NULL, since INTEGER NOT NULL,
      attempt INTEGER, pending INTEGER, wait_reason INTEGER, wait_until INTEGER,
      skip_reason INTEGER, signature INTEGER, canary INTEGER NOT NULL DEFAULT 0,
      focus INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0, note TEXT, overrides TEXT
    ) STRICT;
    CREATE UNIQUE INDEX items_key ON items(run, key, occurrence);
    CREATE INDEX items_ordinal ON items(run, ordinal);
    CREATE INDEX items_ready ON items(run, ordinal) WHERE state = 3 AND unmet = 0;
    CREATE INDEX items_unready ON items(run, ordinal) WHERE state = 3 AND unmet <> 0;
    CREATE INDEX items_state ON items(run, state, ordinal) WHERE state <> 3;
    CREATE INDEX items_due ON items(run, wait_until) WHERE state = 1;
    CREATE INDEX items_failed ON items(run, signature, since) WHERE state = 0;
    CREATE INDEX items_stuck ON items(run) WHERE blocked > 0 AND (state = 1 OR state = 3);
    CREATE INDEX items_canary ON items(run, state, ordinal) WHERE canary = 1;
    CREATE INDEX items_focus ON items(run, state, ordinal) WHERE focus = 1;
    CREATE TABLE sources(
      item INTEGER PRIMARY KEY, payload TEXT NOT NULL, after TEXT
    ) STRICT;
    CREATE TABLE edges(
      run INTEGER NOT NULL, needs INTEGER NOT NULL, item INTEGER NOT NULL,
      PRIMARY KEY(run, needs, item)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX edges_item ON edges(item);
    CREATE TABLE counts(
      run INTEGER NOT NULL, scope INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY(run, scope, state)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE attempts(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, item INTEGER NOT NULL REFERENCES items(id),
      step INTEGER NOT NULL, try INTEGER NOT NULL, epoch INTEGER NOT NULL, pid INTEGER,
      started INTEGER NOT NULL, ended INTEGER, outcome INTEGER,
      key INTEGER NOT NULL, start_event INTEGER NOT NULL, end_event INTEGER
    ) STRICT;
    CREATE INDEX attempts_item ON attempts(item);
    CREATE INDEX attempts_open ON attempts(run) WHERE outcome IS NULL;
    CREATE TABLE results(
      attempt INTEGER PRIMARY KEY REFERENCES attempts(id), verdict INTEGER NOT NULL,
      candidate TEXT, size INTEGER, publish_event INTEGER
    ) STRICT;
    CREATE TABLE receipts(
      sequence INTEGER PRIMARY KEY REFERENCES events(sequence), run INTEGER NOT NULL,
      item INTEGER NOT NULL REFERENCES items(id), attempt INTEGER NOT NULL,
      step TEXT NOT NULL, identity INTEGER NOT NULL, key INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX receipts_identity ON receipts(identity);
    CREATE INDEX receipts_key ON receipts(key);
    CREATE TABLE item_files(
      path INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY(path, item)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE signatures(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE file_digests(
      path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
      changed INTEGER NOT NULL, inode INTEGER NOT NULL, digest TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE requests(
      id TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id), since INTEGER NOT NULL,
      finished INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  // What attempts reserve and cost, and rounds of reviews. An attempt's `reserved` is NULL as soon as it is settled, so the
  // reservations that are open are those of the open attempts. `spend` is kept by deltas, like
  // `counts`: no report adds up a million attempts.
  private static let second = """
    ALTER TABLE items ADD COLUMN model INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE items ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE items ADD COLUMN review TEXT;
    ALTER TABLE results ADD COLUMN warnings TEXT;
    ALTER TABLE attempts ADD COLUMN provider TEXT;
    ALTER TABLE attempts ADD COLUMN model TEXT;
    ALTER TABLE attempts ADD COLUMN billing INTEGER;
    ALTER TABLE attempts ADD COLUMN reserved INTEGER;
    ALTER TABLE attempts ADD COLUMN cost INTEGER;
    CREATE TABLE spend(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, day INTEGER NOT NULL, step TEXT NOT NULL,
      provider TEXT NOT NULL, model TEXT NOT NULL, billing INTEGER NOT NULL,
      calls INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
      cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
      reasoning_tokens INTEGER NOT NULL, cost INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX spend_row ON spend(run, day, step, provider, model, billing);
    CREATE INDEX spend_day ON spend(day);
    CREATE TABLE budgets(
      run INTEGER PRIMARY KEY, cap INTEGER, latched INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE providers(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL
    ) STRICT;
    CREATE INDEX items_begun ON items(run, ordinal) WHERE state = 3 AND unmet = 0 AND step > 0;
    """

  // The commits that steps with a worktree leave.
  private static let third = """
    ALTER TABLE results ADD COLUMN commit_id TEXT;
    """

  // Results that a person accepted although a check or a review said no.
  private static let fourth = """
    ALTER TABLE results ADD COLUMN acceptance TEXT;
    """

  // Where each sink of events is in the ledger, the events that it refused, and what hooks told of
  // files.
  private static let fifth = """
    CREATE TABLE outbox(
      sink TEXT PRIMARY KEY, identity TEXT NOT NULL, position INTEGER NOT NULL,
      low_floor INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
      failed INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, delivered_at INTEGER,
      opened INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE outbox_refusals(
      sink TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER NOT NULL,
      reason TEXT NOT NULL, PRIMARY KEY(sink, sequence)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tracked(
      sequence INTEGER PRIMARY KEY REFERENCES events(sequence), run INTEGER NOT NULL,
      path TEXT NOT NULL, action TEXT NOT NULL, source TEXT NOT NULL, content TEXT NOT NULL,
      language TEXT, repeats INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX tracked_path ON tracked(path, action, source, sequence);
    """

  // What made and what used a file. `role` is a set of `FileRole`s; files that an older Footplate
  // noted may have been both. The index by content holds 16 digits of a digest: whoever finds a row
  // by them compares the rest. `stale` marks a file whose content was seen to change while a run
  // worked on, until the finished items that rest on it were compared. `listings` is a cache, like
  // `file_digests`: the digest of the paths that a glob of `reads:` matched.
  private static let sixth = """
    ALTER TABLE item_files ADD COLUMN role INTEGER NOT NULL DEFAULT 3;
    CREATE INDEX item_files_made ON item_files(path, item) WHERE role & 1;
    CREATE INDEX results_candidate ON results(substr(candidate, 1, 16))
      WHERE candidate IS NOT NULL;
    CREATE TABLE tracked_sources(
      path TEXT NOT NULL, sequence INTEGER NOT NULL REFERENCES events(sequence),
      PRIMARY KEY(path, sequence)
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO tracked_sources(path, sequence)
      SELECT source.value, tracked.sequence
      FROM tracked JOIN events ON events.sequence = tracked.sequence,
        json_each(events.body, '$.from') AS source;
    ALTER TABLE file_digests ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX file_digests_stale ON file_digests(path) WHERE stale = 1;
    CREATE TABLE listings(
      glob TEXT PRIMARY KEY, digest TEXT NOT NULL, count INTEGER NOT NULL,
      stale INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX listings_stale ON listings(glob) WHERE stale = 1;
    """

  // What a person's levers set, and the retries of groups that try a few items first. An item that
  // waits for a hold to end has the moment 0 as its `wait_until`: it is due as soon as nothing holds
  // its step, without another change of its row.
  private static let seventh = """
    CREATE TABLE holds(
      run INTEGER NOT NULL, hold TEXT NOT NULL, PRIMARY KEY(run, hold)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE parallels(
      run INTEGER PRIMARY KEY, run_slots INTEGER NOT NULL, llm_slots INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX items_held ON items(run, step, ordinal) WHERE state = 1 AND wait_until = 0;
    CREATE TABLE canaries(
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, request TEXT NOT NULL UNIQUE,
      signature INTEGER NOT NULL, phase INTEGER NOT NULL, items TEXT NOT NULL,
      overrides TEXT NOT NULL, author TEXT NOT NULL, since INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX canaries_open ON canaries(run) WHERE phase < 2;
    """

  // Groups of failures, kept by deltas like `counts`: a dashboard asks for them ten times a second.
  // `origin` is the group that an item was retried out of, until it ends. `failure_rates` counts
  // failures by stretches of five minutes. `samples` is news that no ledger tells. `events_told` has
  // the events that are of no one attempt or item's move: members of a body are sorted, so that its
  // first letters tell.
  private static let eighth = """
    ALTER TABLE items ADD COLUMN origin INTEGER;
    ALTER TABLE signatures ADD COLUMN note TEXT;
    CREATE TABLE item_notes(item INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
    CREATE TABLE failure_groups(
      run INTEGER NOT NULL, signature INTEGER NOT NULL, count INTEGER NOT NULL,
      cost INTEGER NOT NULL, retrying INTEGER NOT NULL, first INTEGER NOT NULL,
      last INTEGER NOT NULL, sample INTEGER NOT NULL, resolved INTEGER,
      reopened INTEGER NOT NULL, PRIMARY KEY(run, signature)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO failure_groups
      SELECT run, signature, count(*), sum(cost), 0, min(since), max(since), min(id), NULL, 0
      FROM items WHERE state = 0 AND signature IS NOT NULL GROUP BY run, signature;
    CREATE TABLE failure_rates(
      run INTEGER NOT NULL, stretch INTEGER NOT NULL, signature INTEGER NOT NULL,
      count INTEGER NOT NULL, PRIMARY KEY(run, stretch, signature)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE samples(
      run INTEGER NOT NULL, at INTEGER NOT NULL, queued INTEGER NOT NULL,
      waiting INTEGER NOT NULL, running INTEGER NOT NULL, done INTEGER NOT NULL,
      skipped INTEGER NOT NULL, failed INTEGER NOT NULL, cancelled INTEGER NOT NULL,
      rate REAL NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL,
      held INTEGER NOT NULL, slots INTEGER NOT NULL, in_flight TEXT, breakers TEXT,
      PRIMARY KEY(run, at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX events_told ON events(run, sequence)
      WHERE substr(body, 1, 6) NOT IN ('{"atte', '{"arti', '{"acce', '{"item');
    """
}

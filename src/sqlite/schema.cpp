#include "schema.hpp"

#include <vector>

namespace entitle::inline v0::sqlite {

namespace {

// Instants are microseconds of UTC since 1970; quantities are base units (cases, seconds, minor units of the
// currency); ids are 16 bytes. A customer's entitlements are known inside by the number of the command that
// made them. What each command adds, entries and cases, lies in the order in which it was committed, and each
// row names the same customer's row before it: so commands of many customers fill the same pages, and what a
// command changes besides is one row, the customer's. Comments stand within the statements, so that `.schema`
// in the shell shows them.
constexpr const char* customers = R"(
CREATE TABLE entitle_customers (
    customer    INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    shape       INTEGER NOT NULL,           -- counts the changes of the customer's agreements
    last_number INTEGER NOT NULL DEFAULT 0, -- of the customer's commands: 1, 2, …
    last_entry  INTEGER,                    -- the customer's last in entitle_entries; each names its previous
    last_case   INTEGER,                    -- the customer's last in entitle_cases, as well
    remaining   TEXT NOT NULL DEFAULT '{}', -- {"7":[5,2,1]}: what is left, in base units, of entitlement 7 in
                                            -- total and on each channel, by its place in entitle_balances
    unmoved     TEXT NOT NULL DEFAULT '[]'  -- [7]: whose balances nothing has moved yet
) STRICT;
)";

/// What versions 1 and 2 had too.
constexpr const char* lasting_tables = R"(
CREATE TABLE entitle_meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_seals ( -- the head of the chain after each sealed command
    customer INTEGER NOT NULL REFERENCES entitle_customers,
    number   INTEGER NOT NULL,
    head     BLOB NOT NULL CHECK (length(head) = 32),
    PRIMARY KEY (customer, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_bases ( -- where a ledger begins whose older entries were archived
    customer INTEGER PRIMARY KEY REFERENCES entitle_customers,
    number   INTEGER NOT NULL,         -- of the last command archived
    head     BLOB NOT NULL CHECK (length(head) = 32)
) STRICT;

CREATE TABLE entitle_base_counters ( -- each balance as the archived entries left it
    customer     INTEGER NOT NULL REFERENCES entitle_bases,
    place        INTEGER NOT NULL,
    entitlement  BLOB NOT NULL CHECK (length(entitlement) = 16),
    channel      TEXT,                 -- null: the total
    moved        INTEGER NOT NULL,
    after        INTEGER NOT NULL,
    last_number  INTEGER,
    last_ordinal INTEGER,
    revised      INTEGER NOT NULL,     -- the last command that changed what was agreed
    PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_base_cases ( -- each case as the archived entries left it
    customer        INTEGER NOT NULL REFERENCES entitle_bases,
    place           INTEGER NOT NULL,
    id              BLOB NOT NULL CHECK (length(id) = 16),
    entitlement     BLOB NOT NULL CHECK (length(entitlement) = 16),
    state           TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'canceled')),
    since           INTEGER NOT NULL,
    last_number     INTEGER NOT NULL,
    posted_number   INTEGER,
    posted_ordinal  INTEGER,
    posted_quantity INTEGER,
    posted_channel  TEXT,
    PRIMARY KEY (customer, place)
) STRICT, WITHOUT ROWID;
)";

/// What they had otherwise, parents first. (`IN` of more than two would make SQLite build a table of them for
/// each statement, which takes longer than the statement.)
constexpr const char* tables = R"(
CREATE TABLE entitle_entitlements (
    customer         INTEGER NOT NULL REFERENCES entitle_customers,
    entitlement      INTEGER NOT NULL, -- the number of the command that made it
    id               BLOB NOT NULL CHECK (length(id) = 16),
    place            INTEGER,          -- among those that a case may use: 0 is tried first; null: removed
    phase            TEXT NOT NULL CHECK (phase = 'draft' OR phase = 'activated' OR phase = 'canceled'),
    is_default       INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    name             TEXT NOT NULL,
    description      TEXT NOT NULL,
    first_day        TEXT NOT NULL,
    last_day         TEXT NOT NULL,
    time_zone        TEXT NOT NULL,
    begins_at        INTEGER NOT NULL, -- microseconds of UTC
    ends_at          INTEGER NOT NULL,
    counts           TEXT NOT NULL CHECK (counts = 'cases' OR counts = 'hours' OR counts = 'money' OR
                                          counts = 'coverage_only'),
    currency         TEXT CHECK ((currency IS NOT NULL) = (counts = 'money')),
    per_term         INTEGER NOT NULL CHECK (per_term > 0), -- base units in a case, an hour, a unit of money
    decrease_on      TEXT NOT NULL CHECK (decrease_on IN ('creation', 'resolution')),
    restricted       INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    priority         INTEGER NOT NULL,
    knowledge_base   TEXT NOT NULL CHECK (knowledge_base = 'none' OR knowledge_base = 'standard' OR
                                          knowledge_base = 'premium'),
    discount_percent INTEGER NOT NULL,
    sla              BLOB,
    made_from        BLOB,             -- a template
    owner            BLOB,
    renewed_from     BLOB,
    PRIMARY KEY (customer, entitlement),
    UNIQUE (id, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_balances ( -- what was agreed; what is left of it stands with the customer
    customer    INTEGER NOT NULL,
    entitlement INTEGER NOT NULL,
    place       INTEGER NOT NULL,      -- 0: the entitlement's total; 1, 2, …: its channels
    channel     TEXT CHECK ((channel IS NULL) = (place = 0)),
    listed      INTEGER NOT NULL CHECK (listed IN (0, 1)), -- 0: removed, but still counts old entries
    total       INTEGER NOT NULL,      -- base units, as agreed; 0 for coverage only and what is not listed
    PRIMARY KEY (customer, entitlement, place),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_scope (
    customer    INTEGER NOT NULL,
    entitlement INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind = 'contact' OR kind = 'product' OR kind = 'asset' OR kind = 'case_type'),
    place       INTEGER NOT NULL,
    id          BLOB NOT NULL CHECK (length(id) = 16),
    PRIMARY KEY (customer, entitlement, kind, place),
    FOREIGN KEY (customer, entitlement) REFERENCES entitle_entitlements
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_cases ( -- in the order in which they were opened
    support_case    INTEGER PRIMARY KEY,
    previous        INTEGER CHECK (previous < support_case), -- the same customer's before it; null: the first
    customer        INTEGER NOT NULL REFERENCES entitle_customers,
    id              BLOB NOT NULL CHECK (length(id) = 16),
    entitlement     INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state = 'open' OR state = 'resolved' OR state = 'canceled'),
    since           INTEGER NOT NULL,  -- it is in that state
    last_number     INTEGER NOT NULL,  -- of the last command about it
    decrement       INTEGER NOT NULL CHECK (decrement IN (0, 1)),
    named           INTEGER NOT NULL CHECK (named IN (0, 1)), -- the host named the entitlement
    deleted         INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    origin          TEXT,
    contact         BLOB,
    product         BLOB,
    asset           BLOB,
    case_type       BLOB,
    posted_number   INTEGER,           -- the entry that stands posted for it
    posted_ordinal  INTEGER,
    posted_quantity INTEGER,
    posted_channel  TEXT
) STRICT;
CREATE UNIQUE INDEX entitle_cases_by_id ON entitle_cases (id, customer) WHERE deleted = 0;

CREATE TABLE entitle_openings ( -- what a case was opened with, once that has changed
    support_case INTEGER PRIMARY KEY REFERENCES entitle_cases,
    named        BLOB,                 -- the entitlement that the host named
    decrement    INTEGER NOT NULL CHECK (decrement IN (0, 1)),
    origin       TEXT,
    contact      BLOB,
    product      BLOB,
    asset        BLOB,
    case_type    BLOB
) STRICT;

CREATE TABLE entitle_entries ( -- the ledger, in the order in which it was written: only ever added to
    entry             INTEGER PRIMARY KEY,
    previous          INTEGER CHECK (previous < entry), -- the same customer's before it; null: the first
    customer          INTEGER NOT NULL REFERENCES entitle_customers,
    number            INTEGER NOT NULL, -- of the command, 1, 2, … within the customer
    ordinal           INTEGER NOT NULL, -- within the command, whose entries follow each other
    command           INTEGER NOT NULL, -- see entitle_statement
    kind              INTEGER NOT NULL,
    entitlement       INTEGER NOT NULL,
    support_case      INTEGER REFERENCES entitle_cases,
    channel           TEXT,
    total_moved       INTEGER NOT NULL,
    channel_moved     INTEGER NOT NULL,
    remaining         INTEGER NOT NULL, -- after it
    channel_remaining INTEGER NOT NULL,
    reverses_number   INTEGER,
    reverses_ordinal  INTEGER,
    at                INTEGER NOT NULL,
    actor             BLOB,
    request           BLOB,
    reason            TEXT,
    counts            INTEGER NOT NULL, -- 0 cases, 1 hours, 2 money, 3 coverage only
    currency          TEXT,
    archived          INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)) -- kept for a request's answer only
) STRICT;

CREATE TABLE entitle_requests ( -- the first answer under each request id
    request      BLOB NOT NULL CHECK (length(request) = 16),
    customer     INTEGER NOT NULL REFERENCES entitle_customers,
    arguments    INTEGER NOT NULL,     -- fingerprint
    at           INTEGER NOT NULL,
    entry        INTEGER,              -- the answer's first; null: nothing was recorded, but said:
    command      INTEGER,
    entitlement  BLOB,
    support_case BLOB,
    remaining    INTEGER,
    counts       INTEGER,
    currency     TEXT,
    PRIMARY KEY (request, customer)
) STRICT, WITHOUT ROWID;
)";

/// What version 4 added: what is held for open cases or left to bill. (On tables that are there: each version
/// adds what it has.)
constexpr const char* add_holds = R"(
ALTER TABLE entitle_customers ADD COLUMN held TEXT NOT NULL DEFAULT '{}'; -- {"7":[1,1,0]}: what of it is reserved
ALTER TABLE entitle_base_cases ADD COLUMN held_number INTEGER;
ALTER TABLE entitle_base_cases ADD COLUMN held_ordinal INTEGER;
ALTER TABLE entitle_base_cases ADD COLUMN held_quantity INTEGER;
ALTER TABLE entitle_base_cases ADD COLUMN held_channel TEXT;
ALTER TABLE entitle_base_cases ADD COLUMN overage INTEGER;
ALTER TABLE entitle_cases ADD COLUMN held_number INTEGER;     -- the entry that holds terms for it
ALTER TABLE entitle_cases ADD COLUMN held_ordinal INTEGER;
ALTER TABLE entitle_cases ADD COLUMN held_quantity INTEGER;
ALTER TABLE entitle_cases ADD COLUMN held_channel TEXT;
ALTER TABLE entitle_cases ADD COLUMN overage INTEGER;         -- what its resolution needed and did not find: to bill
ALTER TABLE entitle_entries ADD COLUMN amount INTEGER;        -- of a hold, a release, an overage; of a boundary the
                                                              -- most that it carries over, or -1 less that, where
                                                              -- what is owed is carried too
)";

/// … and terms that come anew, and how far their periods have come.
constexpr const char* add_periods = R"(
ALTER TABLE entitle_entitlements ADD COLUMN period_every INTEGER CHECK (period_every > 0); -- steps; null: no periods
ALTER TABLE entitle_entitlements ADD COLUMN period_step TEXT CHECK ((period_step IS NULL) = (period_every IS NULL)
    AND (period_step = 'days' OR period_step = 'weeks' OR period_step = 'months' OR period_step = 'years'));
ALTER TABLE entitle_entitlements ADD COLUMN period_anchor TEXT;       -- a boundary's day; null: the first day
ALTER TABLE entitle_entitlements ADD COLUMN rollover INTEGER;         -- base units; null: nothing is carried over
ALTER TABLE entitle_entitlements ADD COLUMN preserve_overage INTEGER CHECK (preserve_overage IN (0, 1));
ALTER TABLE entitle_entitlements ADD COLUMN counts_from INTEGER;      -- boundaries after this instant count
ALTER TABLE entitle_entitlements ADD COLUMN due INTEGER;              -- the next boundary that is not recorded yet
ALTER TABLE entitle_entitlements ADD COLUMN last_boundary INTEGER;    -- the last that is recorded
ALTER TABLE entitle_entitlements ADD COLUMN rolled INTEGER;           -- the command that recorded it
)";

/// What version 5 added: templates, and what is assigned from them.
constexpr const char* add_templates = R"(
ALTER TABLE entitle_entitlements ADD COLUMN purchase BLOB;            -- that it was assigned for; null: for none
ALTER TABLE entitle_entitlements ADD COLUMN purchase_product BLOB;
ALTER TABLE entitle_entitlements ADD COLUMN purchase_quantity INTEGER;

CREATE TABLE entitle_templates ( -- agreements from which those of customers are made
    id               BLOB PRIMARY KEY CHECK (length(id) = 16),
    name             TEXT NOT NULL,
    description      TEXT NOT NULL,
    lasts            INTEGER CHECK (lasts > 0), -- so many steps from the day of use; null: its own days
    lasts_step       TEXT CHECK ((lasts_step IS NULL) = (lasts IS NULL) AND lasts_step IN ('days', 'months')),
    first_day        TEXT CHECK ((first_day IS NULL) = (lasts IS NOT NULL)),
    last_day         TEXT CHECK ((last_day IS NULL) = (lasts IS NOT NULL)),
    time_zone        TEXT NOT NULL,
    counts           TEXT NOT NULL CHECK (counts IN ('cases', 'hours', 'money', 'coverage_only')),
    currency         TEXT CHECK ((currency IS NOT NULL) = (counts = 'money')),
    per_term         INTEGER NOT NULL CHECK (per_term > 0), -- base units in a case, an hour, a unit of money
    total            INTEGER NOT NULL,                      -- base units; 0 for coverage only
    decrease_on      TEXT NOT NULL CHECK (decrease_on IN ('creation', 'resolution')),
    restricted       INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    priority         INTEGER NOT NULL,
    knowledge_base   TEXT NOT NULL CHECK (knowledge_base IN ('none', 'standard', 'premium')),
    discount_percent INTEGER NOT NULL,
    sla              BLOB,
    owner            BLOB,
    period_every     INTEGER CHECK (period_every > 0),
    period_step      TEXT CHECK ((period_step IS NULL) = (period_every IS NULL)
                                 AND period_step IN ('days', 'weeks', 'months', 'years')),
    period_anchor    TEXT,
    rollover         INTEGER,
    preserve_overage INTEGER CHECK (preserve_overage IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_template_channels (
    template BLOB NOT NULL REFERENCES entitle_templates,
    place    INTEGER NOT NULL,
    channel  TEXT NOT NULL,
    total    INTEGER NOT NULL,         -- base units
    PRIMARY KEY (template, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_template_scope (
    template BLOB NOT NULL REFERENCES entitle_templates,
    kind     TEXT NOT NULL CHECK (kind IN ('contact', 'product', 'asset', 'case_type')),
    place    INTEGER NOT NULL,
    id       BLOB NOT NULL CHECK (length(id) = 16),
    PRIMARY KEY (template, kind, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE entitle_rules ( -- who buys so many of a product is given an entitlement from the template
    product  BLOB NOT NULL CHECK (length(product) = 16),
    at_least INTEGER NOT NULL CHECK (at_least >= 0),
    template BLOB NOT NULL CHECK (length(template) = 16),
    PRIMARY KEY (product, at_least)
) STRICT, WITHOUT ROWID;
)";

/// What version 6 added: marks, and terms that are added to those that were agreed.
constexpr const char* add_marks = R"(
ALTER TABLE entitle_entitlements ADD COLUMN low_water TEXT;           -- [{"left":2},{"percent":20,"channel":"phone"}]:
                                                                      -- its marks, in base units; null: none
ALTER TABLE entitle_entitlements ADD COLUMN top_ups TEXT;             -- top-ups that have not ended; null: none
ALTER TABLE entitle_templates ADD COLUMN low_water TEXT;
)";

/// What version 7 added: holds that expire.
constexpr const char* add_expiry = R"(
ALTER TABLE entitle_entitlements ADD COLUMN holds TEXT;               -- of its cases, that expire; null: none
ALTER TABLE entitle_base_cases ADD COLUMN held_until INTEGER;
ALTER TABLE entitle_cases ADD COLUMN held_until INTEGER;      -- when what it holds is free; null: never
)";

/// What version 8 added: service levels, and what is promised to cases.
constexpr const char* add_service = R"(
ALTER TABLE entitle_cases ADD COLUMN service TEXT;            -- its priority, stage, service level, and each promise
                                                              -- with its instants in microseconds; null: nothing
ALTER TABLE entitle_cases ADD COLUMN next_due INTEGER;        -- when the first of its running promises is missed
ALTER TABLE entitle_cases ADD COLUMN last_change INTEGER;     -- after which time alone changes no promise
CREATE INDEX entitle_cases_by_due ON entitle_cases (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX entitle_cases_by_change ON entitle_cases (last_change) WHERE last_change IS NOT NULL;

CREATE TABLE entitle_service_terms ( -- calendars (1), service levels (2), the default one (3)
    kind  INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
    id    BLOB NOT NULL CHECK (length(id) = 16),
    terms TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
)";

constexpr const char* drop_views =
    "DROP VIEW entitle_left; DROP VIEW entitle_statement; DROP VIEW entitle_case_list;";

/// Versions 1 and 2 kept each customer's cases and entries together, and what was left with what was agreed.
/// Nothing is renamed: SQLite would edit what a host may have that names our tables.
constexpr const char* set_aside = R"(
CREATE TABLE entitle_2_cases AS
    SELECT row_number() OVER (ORDER BY customer, support_case) AS place, * FROM entitle_cases;
CREATE INDEX entitle_2_cases_by_number ON entitle_2_cases (customer, support_case, place);
CREATE TABLE entitle_2_entries AS
    SELECT row_number() OVER (ORDER BY customer, number, ordinal) AS place, * FROM entitle_entries;
CREATE INDEX entitle_2_entries_by_number ON entitle_2_entries (customer, number, ordinal, place, archived);
CREATE TABLE entitle_2_entitlements AS SELECT * FROM entitle_entitlements;
CREATE TABLE entitle_2_scope AS SELECT * FROM entitle_scope;
CREATE TABLE entitle_2_openings AS SELECT * FROM entitle_openings;
CREATE TABLE entitle_2_balances AS SELECT * FROM entitle_balances;
CREATE TABLE entitle_2_requests AS SELECT * FROM entitle_requests;
DROP TABLE entitle_requests;
DROP TABLE entitle_entries;
DROP TABLE entitle_openings;
DROP TABLE entitle_cases;
DROP TABLE entitle_balances;
DROP TABLE entitle_scope;
DROP TABLE entitle_entitlements;
ALTER TABLE entitle_customers ADD COLUMN last_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entitle_customers ADD COLUMN last_entry INTEGER;
ALTER TABLE entitle_customers ADD COLUMN last_case INTEGER;
ALTER TABLE entitle_customers ADD COLUMN remaining TEXT NOT NULL DEFAULT '{}';
ALTER TABLE entitle_customers ADD COLUMN unmoved TEXT NOT NULL DEFAULT '[]';
)";

constexpr const char* put_back = R"(
INSERT INTO entitle_entitlements SELECT customer, entitlement, id, place, phase, is_default, name, description,
    first_day, last_day, time_zone, begins_at, ends_at, counts, currency, per_term, decrease_on, restricted,
    priority, knowledge_base, discount_percent, sla, made_from, owner, renewed_from FROM entitle_2_entitlements;
INSERT INTO entitle_scope SELECT * FROM entitle_2_scope;
INSERT INTO entitle_balances SELECT customer, entitlement, place, channel, listed, total FROM entitle_2_balances;
INSERT INTO entitle_cases SELECT place, lag(place) OVER (PARTITION BY customer ORDER BY place), customer, id,
    entitlement, state, since, last_number, decrement, named, deleted, origin, contact, product, asset,
    case_type, posted_number, posted_ordinal, posted_quantity, posted_channel
    FROM entitle_2_cases ORDER BY place;
INSERT INTO entitle_openings SELECT k.place, o.named, o.decrement, o.origin, o.contact, o.product, o.asset,
    o.case_type FROM entitle_2_openings o JOIN entitle_2_cases k USING (customer, support_case);
INSERT INTO entitle_entries SELECT place,
    iif(archived = 0, lag(place) OVER (PARTITION BY customer, archived ORDER BY place), NULL), customer,
    number, ordinal, command, kind, entitlement,
    (SELECT k.place FROM entitle_2_cases k WHERE k.customer = n.customer AND k.support_case = n.support_case),
    channel, total_moved, channel_moved, remaining, channel_remaining, reverses_number, reverses_ordinal, at,
    actor, request, reason, counts, currency, archived
    FROM entitle_2_entries n ORDER BY place;
INSERT INTO entitle_requests SELECT request, customer, arguments, at,
    (SELECT n.place FROM entitle_2_entries n
     WHERE n.customer = r.customer AND n.number = r.number AND n.ordinal = 0),
    command, entitlement, support_case, remaining, counts, currency FROM entitle_2_requests r;
UPDATE entitle_customers AS c SET
    last_number = max(
        ifnull((SELECT max(number) FROM entitle_2_entries n WHERE n.customer = c.customer), 0),
        ifnull((SELECT number FROM entitle_bases b WHERE b.customer = c.customer), 0)),
    last_entry = (SELECT max(place) FROM entitle_2_entries n WHERE n.customer = c.customer AND archived = 0),
    last_case = (SELECT max(place) FROM entitle_2_cases k WHERE k.customer = c.customer);
UPDATE entitle_customers AS c SET remaining = '{' || l.entitlements || '}' FROM (
    SELECT customer, group_concat('"' || entitlement || '":[' || amounts || ']') AS entitlements FROM (
        SELECT customer, entitlement, place, group_concat(remaining) OVER (
            PARTITION BY customer, entitlement ORDER BY place
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS amounts
        FROM entitle_2_balances) WHERE place = 0 GROUP BY customer) l
    WHERE l.customer = c.customer;
UPDATE entitle_customers AS c SET unmoved = '[' || l.entitlements || ']' FROM (
    SELECT customer, group_concat(entitlement) AS entitlements FROM entitle_2_entitlements
    WHERE place IS NOT NULL AND has_history = 0 GROUP BY customer) l WHERE l.customer = c.customer;
DROP TABLE entitle_2_entitlements;
DROP TABLE entitle_2_scope;
DROP TABLE entitle_2_cases;
DROP TABLE entitle_2_entries;
DROP TABLE entitle_2_openings;
DROP TABLE entitle_2_balances;
DROP TABLE entitle_2_requests;
)";

#define UUID(id)                                                                       \
    "lower(substr(hex(" id "),1,8)||'-'||substr(hex(" id "),9,4)||'-'||substr(hex(" id \
    "),13,4)||'-'"                                                                     \
    "||substr(hex(" id "),17,4)||'-'||substr(hex(" id "),21))"
#define INSTANT(at) "strftime('%Y-%m-%dT%H:%M:%SZ', " at " / 1000000, 'unixepoch')"
// 5, 9:30:00, -12.50 EUR
#define AMOUNT(value, e)                                                                                     \
    "CASE WHEN " value " IS NULL THEN NULL WHEN " e                                                          \
    ".counts = 'hours' THEN printf('%s%d:%02d:%02d', iif(" value                                             \
    " < 0, '-', ''),"                                                                                        \
    " abs(" value ") / 3600, abs(" value ") / 60 % 60, abs(" value                                           \
    ") % 60)"                                                                                                \
    " WHEN " e ".counts = 'money' THEN printf('%s%d%s %s', iif(" value " < 0, '-', ''), abs(" value ") / " e \
    ".per_term, iif(" e ".per_term = 1, '', '.' || substr('000' || (abs(" value ") % " e                     \
    ".per_term),"                                                                                            \
    " 1 - length(" e ".per_term))), " e ".currency) ELSE " value " || '' END"

constexpr const char* views =
    "CREATE VIEW entitle_left AS -- what each customer has left\n"
    "SELECT " UUID("c.id") " AS customer, " UUID("e.id") " AS entitlement, e.name, e.phase, e.first_day,"
    " e.last_day, e.time_zone, iif(e.period_every = 1, rtrim(e.period_step, 's'),"
    " e.period_every || ' ' || e.period_step) AS period, " INSTANT("e.due") " AS due,"
    " e.counts, ifnull(b.channel, '(total)') AS counter, b.listed,"
    " iif(e.counts = 'coverage_only' AND b.place = 0, 'any', " AMOUNT("b.total", "e") ") AS total, "
    AMOUNT("b.remaining", "e") " AS remaining, " AMOUNT("b.held", "e") " AS held\n"
    "FROM entitle_entitlements e JOIN entitle_customers c USING (customer)\n"
    "JOIN (SELECT a.*, json_extract(h.remaining, '$.\"' || a.entitlement || '\"[' || a.place || ']') AS"
    " remaining, ifnull(json_extract(h.held, '$.\"' || a.entitlement || '\"[' || a.place || ']'), 0) AS held"
    " FROM entitle_balances a JOIN entitle_customers h USING (customer)) b"
    " ON b.customer = e.customer AND b.entitlement = e.entitlement\n"
    "WHERE e.place IS NOT NULL ORDER BY e.customer, e.entitlement, b.place;\n"

    "CREATE VIEW entitle_statement AS -- every entry, with the balances after it\n"
    "SELECT " UUID("c.id") " AS customer, n.number, n.ordinal, " INSTANT("n.at") " AS at,\n"
    "CASE n.command WHEN 1 THEN 'draft' WHEN 2 THEN 'revise' WHEN 3 THEN 'set_channel' WHEN 4 THEN"
    " 'remove_channel' WHEN 5 THEN 'revise_scope' WHEN 6 THEN 'amend' WHEN 7 THEN 'activate' WHEN 8 THEN"
    " 'deactivate' WHEN 9 THEN 'cancel' WHEN 10 THEN 'renew' WHEN 11 THEN 'set_default' WHEN 12 THEN 'remove'"
    " WHEN 13 THEN 'adjust' WHEN 14 THEN 'import_entitlement' WHEN 15 THEN 'open_case' WHEN 16 THEN"
    " 'resolve_case' WHEN 17 THEN 'cancel_case' WHEN 18 THEN 'reactivate_case' WHEN 19 THEN 'change_origin'"
    " WHEN 20 THEN 'change_entitlement' WHEN 21 THEN 'change_contact' WHEN 22 THEN 'change_product' WHEN 23"
    " THEN 'change_asset' WHEN 24 THEN 'change_case_type' WHEN 25 THEN 'set_decrement' WHEN 26 THEN"
    " 'delete_case' WHEN 27 THEN 'hold_terms' WHEN 28 THEN 'release_terms' WHEN 29 THEN 'instantiate'"
    " WHEN 30 THEN 'assign' WHEN 31 THEN 'top_up' WHEN 32 THEN 'void_top_up' WHEN 33 THEN 'respond_to_case'"
    " WHEN 34 THEN 'change_stage' WHEN 35 THEN 'change_priority' WHEN 36 THEN 'change_service_level'"
    " WHEN 37 THEN 'meet_kpi' ELSE n.command END AS command,\n"
    "CASE n.kind WHEN 0 THEN 'note' WHEN 1 THEN 'posting' WHEN 2 THEN 'reversal' WHEN 3 THEN 'adjustment'"
    " WHEN 4 THEN 'carried_in' WHEN 5 THEN 'hold' WHEN 6 THEN 'release' WHEN 7 THEN 'overage'"
    " WHEN 8 THEN 'period' WHEN 9 THEN 'forfeit' WHEN 10 THEN 'low_water' WHEN 11 THEN 'top_up'"
    " WHEN 12 THEN 'inception' WHEN 13 THEN 'draw' WHEN 14 THEN 'lapse' WHEN 15 THEN 'expiry'"
    " WHEN 16 THEN 'voiding' WHEN 17 THEN 'allotment' WHEN 18 THEN 'set_aside'"
    " WHEN 19 THEN 'hold_expiry' WHEN 20 THEN 'settlement' ELSE n.kind END AS kind,\n"
    UUID("e.id") " AS entitlement, e.name, " UUID("k.id") " AS support_case, "
    AMOUNT("n.total_moved", "e") " AS moved, " AMOUNT("n.remaining", "e") " AS remaining, n.channel,"
    " iif(n.channel IS NULL, NULL, " AMOUNT("n.channel_moved", "e") ") AS channel_moved,"
    " iif(n.channel IS NULL, NULL, " AMOUNT("n.channel_remaining", "e") ") AS channel_remaining,"
    " n.reverses_number, " UUID("n.actor") " AS actor, n.reason, " AMOUNT("n.amount", "e") " AS amount\n"
    "FROM entitle_entries n JOIN entitle_customers c USING (customer)\n"
    "LEFT JOIN entitle_entitlements e ON e.customer = n.customer AND e.entitlement = n.entitlement\n"
    "LEFT JOIN entitle_cases k ON k.customer = n.customer AND k.support_case = n.support_case\n"
    "WHERE n.archived = 0 ORDER BY n.customer, n.number, n.ordinal;\n"

    "CREATE VIEW entitle_case_list AS -- the cases, and what stands posted for each\n"
    "SELECT " UUID("c.id") " AS customer, " UUID("k.id") " AS support_case, k.state, " INSTANT("k.since")
    " AS since, k.origin, " UUID("e.id") " AS entitlement, e.name, k.decrement, k.posted_number, "
    AMOUNT("k.posted_quantity", "e") " AS posted, k.posted_channel, " AMOUNT("k.held_quantity", "e")
    " AS held, k.held_channel, " AMOUNT("k.overage", "e") " AS overage\n"
    "FROM entitle_cases k JOIN entitle_customers c USING (customer)\n"
    "JOIN entitle_entitlements e ON e.customer = k.customer AND e.entitlement = k.entitlement\n"
    "WHERE k.deleted = 0 ORDER BY k.customer, k.support_case;\n";

#undef UUID
#undef INSTANT
#undef AMOUNT

/// The oldest library that may write or read what this one writes.
constexpr int min_writer = 8;
constexpr int min_reader = 8;

[[nodiscard]] int write_meta(Connection& connection, const char* name, std::int64_t value) {
    Query query{connection,
                "INSERT INTO entitle_meta (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"};
    return query.text(name).integer(value).run();
}

[[nodiscard]] std::vector<const char*> steps_from(std::int64_t version) {
    std::vector<const char*> steps;
    switch (version) {
        case 0: steps = {customers, lasting_tables, tables}; break;
        case 1: steps = {set_aside, tables, put_back}; break;  // it had no views
        case 2: steps = {drop_views, set_aside, tables, put_back}; break;
        default: steps = {drop_views}; break;
    }
    if (version < 4) steps.insert(steps.end(), {add_holds, add_periods});
    if (version < 5) steps.push_back(add_templates);
    if (version < 6) steps.push_back(add_marks);
    if (version < 7) steps.push_back(add_expiry);
    steps.insert(steps.end(), {add_service, views});
    return steps;
}

}  // namespace

int read_schema(Connection& connection, Schema& schema) {
    schema = {};
    {
        Query query{connection,
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'entitle_meta'"};
        if (!query.next() || query.integer() == 0) return query.code();
    }
    Query query{connection,
                "SELECT (SELECT value FROM entitle_meta WHERE name = 'schema'),"
                " (SELECT value FROM entitle_meta WHERE name = 'min_writer'),"
                " (SELECT value FROM entitle_meta WHERE name = 'min_reader')"};
    if (!query.next()) return query.code();
    schema.version = query.integer(1, INT32_MAX);
    schema.min_writer = query.integer(1, INT32_MAX);
    schema.min_reader = query.integer(1, INT32_MAX);
    return query.code();
}

int migrate(Connection& connection, std::int64_t from) {
    for (const char* step : steps_from(from)) {
        if (const int code = connection.run_script(step); code != SQLITE_OK) return code;
    }
    if (const int code = write_meta(connection, "schema", schema_version); code != SQLITE_OK) return code;
    if (const int code = write_meta(connection, "min_writer", min_writer); code != SQLITE_OK) return code;
    return write_meta(connection, "min_reader", min_reader);
}

}  // namespace entitle::inline v0::sqlite
